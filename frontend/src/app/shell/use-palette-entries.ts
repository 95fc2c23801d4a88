import { CubeIcon, MoonIcon, QuestionMarkCircleIcon, ScaleIcon, SunIcon } from "@heroicons/react/20/solid";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type ComponentType } from "react";

import { useSession } from "@/features/auth/api/session";
import { opportunitiesOptions } from "@/features/opportunities/api/list-opportunities";
import { PRESETS } from "@/features/opportunities/hooks/presets";
import { productsOptions } from "@/features/products/api/list-products";
import { formatMoney, formatPercent } from "@/lib/format";
import { setTheme, useTheme } from "@/lib/theme";

import { placesFor } from "./places";

export interface PaletteEntry {
  id: string;
  name: string;
  note?: string;
  Icon: ComponentType<{ className?: string }>;
  run: () => void;
}

export interface PaletteGroup {
  name: string;
  entries: PaletteEntry[];
}

const SETTLE_MS = 200;
const MIN_LETTERS = 2;
const RESULTS = 6;

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function useCommands(onShortcuts: () => void): PaletteEntry[] {
  const navigate = useNavigate();
  const { isDark } = useTheme();
  const { data: session } = useSession();
  return [
    ...placesFor(session).flatMap(({ places }) => places).map(({ to, name, Icon }) => ({ id: to, name: `Go to ${name.toLowerCase()}`, Icon, run: () => void navigate({ to }) })),
    ...PRESETS.map((preset) => ({
      id: preset.id,
      name: `Show: ${preset.name}`,
      Icon: ScaleIcon,
      run: () => void navigate({ to: "/opportunities", search: preset.filters }),
    })),
    {
      id: "theme",
      name: isDark ? "Use the light theme" : "Use the dark theme",
      Icon: isDark ? SunIcon : MoonIcon,
      run: () => setTheme(isDark ? "light" : "dark"),
    },
    { id: "shortcuts", name: "Keyboard shortcuts", Icon: QuestionMarkCircleIcon, run: onShortcuts },
  ];
}

/** Commands that match the text, and what the catalogue and the opportunities hold under it. */
export function usePaletteEntries(text: string, onShortcuts: () => void) {
  const navigate = useNavigate();
  const settled = useSettled(text.trim());
  const enabled = settled.length >= MIN_LETTERS;
  const found = useQuery({
    ...opportunitiesOptions({ search: settled, page_size: RESULTS, needs_review: "any" }),
    enabled,
    refetchInterval: false,
  });
  const products = useQuery({ ...productsOptions({ search: settled, page_size: RESULTS }), enabled });
  const wanted = text.trim().toLowerCase();
  const commands = useCommands(onShortcuts).filter((entry) => entry.name.toLowerCase().includes(wanted));

  const groups: PaletteGroup[] = [
    {
      name: "Opportunities",
      entries: (enabled ? (found.data?.results ?? []) : []).map((row) => ({
        id: row.id,
        name: row.sealed_product.name,
        note: `${formatPercent(row.margin_percentage, 1, "always")} · ${formatMoney(row.net_profit, row.currency, "always")}`,
        Icon: ScaleIcon,
        run: () => void navigate({ to: "/opportunities/$id", params: { id: row.id } }),
      })),
    },
    {
      name: "Products",
      entries: (enabled ? (products.data?.results ?? []) : []).map((product) => ({
        id: product.id,
        name: product.name,
        note: [product.set_code, product.number].filter(Boolean).join(" "),
        Icon: CubeIcon,
        run: () => void navigate({ to: "/products/$id", params: { id: product.id } }),
      })),
    },
    { name: "Commands", entries: commands },
  ];
  return {
    groups: groups.filter((group) => group.entries.length > 0),
    isSearching: wanted.length >= MIN_LETTERS && (wanted !== settled.toLowerCase() || found.isFetching || products.isFetching),
  };
}
