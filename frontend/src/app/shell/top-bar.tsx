import { MagnifyingGlassIcon, QuestionMarkCircleIcon } from "@heroicons/react/20/solid";
import { lazy, Suspense } from "react";

import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { useSession } from "@/features/auth/api/session";

import { DataChip } from "./data-chip";
import { Logo } from "./logo";

const TopBarMenus = lazy(() => import("./top-bar-menus"));

interface TopBarProps {
  onPalette: () => void;
  onShortcuts: () => void;
}

function ModeBadges() {
  const { data } = useSession();
  if (!data) return null;
  return (
    <>
      <Badge tone={data.mode === "paper" ? "gain" : "loss"} className="!text-xs uppercase" title={data.mode === "paper" ? "No real order is ever sent" : "Real orders"}>
        {data.mode}
      </Badge>
      {data.is_demo && (
        <Badge tone="accent" className="!text-xs uppercase" title="Invented products; prices come from simulated venues on this machine">
          Demo
          <span className="font-medium normal-case max-xl:sr-only"> prices from simulated venues</span>
        </Badge>
      )}
    </>
  );
}

export function TopBar({ onPalette, onShortcuts }: TopBarProps) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b bg-surface px-3 sm:px-4">
      <span className="sm:hidden"><Logo withName={false} /></span>
      <button
        type="button"
        onClick={onPalette}
        aria-label="Search products and opportunities"
        className="flex h-11 w-full min-w-11 max-w-md flex-1 items-center gap-2 rounded-lg border bg-sunken px-3 text-[0.8125rem] text-muted hover:border-line-strong sm:h-9"
      >
        <MagnifyingGlassIcon aria-hidden className="size-4 shrink-0" />
        <span className="truncate">Search</span>
        <span className="ml-auto hidden gap-1 sm:flex"><Kbd>Ctrl</Kbd><Kbd>K</Kbd></span>
      </button>
      <div className="ml-auto flex items-center gap-1.5 sm:gap-2">
        <DataChip />
        <ModeBadges />
        <IconButton label="Keyboard shortcuts" className="max-sm:hidden" onClick={onShortcuts}>
          <QuestionMarkCircleIcon aria-hidden className="size-5" />
        </IconButton>
        <Suspense fallback={<span aria-hidden className="h-9 w-40" />}><TopBarMenus /></Suspense>
      </div>
    </header>
  );
}
