import clsx from "clsx";
import { useSyncExternalStore } from "react";

import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { SelectField } from "@/components/ui/select-field";
import { TextField } from "@/components/ui/text-field";
import { DESKS } from "@/lib/instruments";

import { isFiltered, type BooksSearch } from "../hooks/books-search";
import { books } from "../hooks/store";

const CHOICES = [{ value: "all", label: "All" }, ...DESKS] as const;

function readQuotes(): string {
  return [...new Set([...books.entries()].map(([, { quote }]) => quote))].sort().join(",");
}

interface BookFiltersProps {
  search: BooksSearch;
  onSearch: (next: BooksSearch) => void;
}

/** Which books; each change goes to the URL at once. */
export function BookFilters({ search, onSearch }: BookFiltersProps) {
  const quotes = useSyncExternalStore((watcher) => books.watch(watcher), readQuotes).split(",").filter(Boolean);
  const { open, ...filters } = search;
  const change = (patch: BooksSearch) => onSearch({ ...search, ...patch });
  return (
    <div className="card flex flex-wrap items-end gap-3 p-3.5">
      <div>
        <span className="mb-1 block text-xs text-muted">Desk</span>
        <Segmented label="Desk" value={search.market ?? "all"} options={CHOICES} onChange={(value) => change({ market: value === "all" ? undefined : value })} />
      </div>
      <div id="books-search"><TextField className="w-48" label="Brand, coin or pair" type="search" inputMode="search" placeholder="amazon, BTC" value={search.search} onCommit={(value) => change({ search: value })} /></div>
      <SelectField label="Priced in" anyLabel="Any currency" value={search.quote} options={quotes.map((value) => ({ value, label: value }))} onChange={(quote) => change({ quote })} />
      <button
        type="button"
        aria-pressed={search.crossed === "1"}
        onClick={() => change({ crossed: search.crossed ? undefined : "1" })}
        className={clsx("h-11 rounded-full border px-3 text-xs font-medium sm:h-9", search.crossed ? "border-transparent bg-accent-solid text-white" : "bg-surface text-muted hover:border-line-strong hover:text-ink")}
      >
        Crossed only
      </button>
      {isFiltered(filters) && <Button look="ghost" onClick={() => onSearch(open ? { open } : {})}>Clear filters</Button>}
    </div>
  );
}
