import { Popover, PopoverButton, PopoverPanel } from "@headlessui/react";
import { AdjustmentsHorizontalIcon, ArrowDownTrayIcon, Bars3Icon, Bars4Icon, ViewColumnsIcon } from "@heroicons/react/20/solid";

import { Button, buttonClass } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";

import { useExport } from "../hooks/use-export";
import { COLUMN_KEYS, countFilters, DEFAULT_COLUMNS, type ColumnKey, type ScreenerSearch } from "../hooks/screener-search";
import { COLUMNS } from "./columns";

interface ToolbarProps {
  search: ScreenerSearch;
  onSearch: (next: ScreenerSearch) => void;
  isTable: boolean;
  onFilters: () => void;
}

function ColumnChoice({ search, onSearch }: Pick<ToolbarProps, "search" | "onSearch">) {
  const chosen: readonly ColumnKey[] = search.columns ?? DEFAULT_COLUMNS;
  const toggle = (key: ColumnKey) => {
    const next = COLUMN_KEYS.filter((other) => (other === key ? !chosen.includes(key) : chosen.includes(other)));
    onSearch({ ...search, columns: next.length > 0 && next.join() !== DEFAULT_COLUMNS.join() ? next : undefined });
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
            <input type="checkbox" className="accent-accent-solid" checked={chosen.includes(column.key)} onChange={() => toggle(column.key)} />
            {column.name}
          </label>
        ))}
        <Button look="ghost" className="mt-1 w-full" onClick={() => onSearch({ ...search, columns: undefined })}>Default columns</Button>
      </PopoverPanel>
    </Popover>
  );
}

/** Filters button, column choice, density and download. */
export function ScreenerToolbar({ search, onSearch, isTable, onFilters }: ToolbarProps) {
  const download = useExport(search);
  const filters = countFilters(search);
  return (
    <>
      {download.notice && <span role="alert" className="text-xs text-warn">{download.notice}</span>}
      <Button onClick={onFilters}>
        <AdjustmentsHorizontalIcon aria-hidden className="size-4" />
        Filters
        {filters > 0 && <span className="num rounded-full bg-accent-solid px-1.5 text-2xs text-white">{filters}</span>}
      </Button>
      {isTable && <ColumnChoice search={search} onSearch={onSearch} />}
      {isTable && (
        <Segmented
          label="Density"
          value={search.density ?? "comfortable"}
          options={[
            { value: "comfortable", name: "Comfortable rows", label: <Bars3Icon aria-hidden className="size-4" /> },
            { value: "compact", name: "Compact rows", label: <Bars4Icon aria-hidden className="size-4" /> },
          ]}
          onChange={(value) => onSearch({ ...search, density: value === "compact" ? value : undefined })}
        />
      )}
      <Button disabled={download.isRunning} onClick={download.start} title="Every row of this view, with the columns you see">
        <ArrowDownTrayIcon aria-hidden className="size-4" />
        {download.isRunning ? "Preparing" : "CSV"}
      </Button>
    </>
  );
}
