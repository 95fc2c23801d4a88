import { Popover, PopoverButton, PopoverPanel } from "@headlessui/react";
import { AdjustmentsHorizontalIcon, ArrowDownTrayIcon, Bars3Icon, Bars4Icon, BookmarkIcon, ViewColumnsIcon } from "@heroicons/react/20/solid";

import { Button, buttonClass } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { useNow } from "@/lib/clock";

import { COLUMN_KEYS, countFilters, DEFAULT_COLUMNS, toQueryText, type ScreenerSearch } from "../hooks/screener-search";
import type { Layout } from "../hooks/use-layout";
import { COLUMNS } from "./columns";

interface LayoutProps {
  layout: Layout;
  onLayout: (patch: Partial<Layout>) => void;
}

interface ToolbarProps extends LayoutProps {
  search: ScreenerSearch;
  isTable: boolean;
  onFilters: () => void;
  /** Absent where nobody is logged in. */
  onViews?: () => void;
}

function ColumnChoice({ layout: { columns }, onLayout }: LayoutProps) {
  const toggle = (key: (typeof COLUMN_KEYS)[number]) => {
    const next = COLUMN_KEYS.filter((other) => (other === key ? !columns.includes(key) : columns.includes(other)));
    onLayout({ columns: next.length > 0 ? next : DEFAULT_COLUMNS });
  };
  return (
    <Popover className="relative">
      <PopoverButton className={buttonClass()}>
        <ViewColumnsIcon aria-hidden className="size-4" />
        Columns
      </PopoverButton>
      <PopoverPanel anchor={{ to: "bottom end", gap: 6 }} className="z-30 w-56 rounded-xl border bg-raised p-2 shadow-xl focus:outline-none">
        {COLUMNS.map((column) => (
          <label key={column.key} title={column.meaning} className="flex items-center gap-2.5 rounded-md px-2 py-1.5 text-[0.8125rem] hover:bg-sunken">
            <input type="checkbox" className="accent-accent-solid" checked={columns.includes(column.key)} onChange={() => toggle(column.key)} />
            {column.name}
          </label>
        ))}
        <Button look="ghost" className="mt-1 w-full" onClick={() => onLayout({ columns: DEFAULT_COLUMNS })}>Default columns</Button>
      </PopoverPanel>
    </Popover>
  );
}

/** Filters button, saved views, column choice, density and download. */
export function ScreenerToolbar({ search, layout, onLayout, isTable, onFilters, onViews }: ToolbarProps) {
  const filters = countFilters(search);
  const now = useNow();
  return (
    <>
      <Button onClick={onFilters}>
        <AdjustmentsHorizontalIcon aria-hidden className="size-4" />
        Filters
        {filters > 0 && <span className="num rounded-full bg-accent-solid px-1.5 text-2xs text-white">{filters}</span>}
      </Button>
      {onViews && (
        <Button onClick={onViews}>
          <BookmarkIcon aria-hidden className="size-4" />
          Save view
        </Button>
      )}
      {isTable && <ColumnChoice layout={layout} onLayout={onLayout} />}
      {isTable && (
        <Segmented
          label="Density"
          value={layout.density}
          options={[
            { value: "comfortable", name: "Comfortable rows", label: <Bars3Icon aria-hidden className="size-4" /> },
            { value: "compact", name: "Compact rows", label: <Bars4Icon aria-hidden className="size-4" /> },
          ]}
          onChange={(density) => onLayout({ density })}
        />
      )}
      <a className={buttonClass()} href={`/api/v1/opportunities/export/?${toQueryText(search, now)}`} download title="Every row of this view, in its order">
        <ArrowDownTrayIcon aria-hidden className="size-4" />
        CSV
      </a>
    </>
  );
}
