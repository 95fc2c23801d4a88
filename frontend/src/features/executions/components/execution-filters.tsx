import clsx from "clsx";

import { Button } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { SelectField } from "@/components/ui/select-field";
import { SOURCES } from "@/lib/vocabulary";

import { EXECUTION_STATES } from "../api/shapes";
import type { ExecutionSearch } from "../hooks/execution-search";
import { STATE_LOOKS } from "../hooks/execution-state";

interface FiltersProps {
  search: ExecutionSearch;
  onSearch: (next: ExecutionSearch) => void;
}

const WHOSE = [
  { value: "all", label: "Everybody" },
  { value: "me", label: "Mine" },
] as const;

function States({ search, onSearch }: FiltersProps) {
  const chosen = search.state ?? [];
  return (
    <div role="group" aria-label="States" className="flex gap-1.5 overflow-x-auto py-0.5">
      {EXECUTION_STATES.map((state) => {
        const isOn = chosen.includes(state);
        const next = EXECUTION_STATES.filter((other) => (other === state ? !isOn : chosen.includes(other)));
        return (
          <button
            key={state}
            type="button"
            aria-pressed={isOn}
            title={STATE_LOOKS[state].meaning}
            onClick={() => onSearch({ ...search, state: next.length > 0 ? next : undefined })}
            className={clsx("h-11 shrink-0 rounded-full border px-3 text-xs font-medium sm:h-8", isOn ? "border-transparent bg-accent-solid text-white" : "bg-surface text-muted hover:border-line-strong hover:text-ink")}
          >
            {STATE_LOOKS[state].label}
          </button>
        );
      })}
    </div>
  );
}

/** Which executions; each change goes to the URL at once. */
export function ExecutionFilters({ search, onSearch }: FiltersProps) {
  const isFiltered = Object.keys(search).length > 0;
  const whose = search.actor === "me" ? "me" : "all";
  return (
    <div className="card grid grid-cols-2 items-end gap-3 p-3.5 sm:flex sm:flex-wrap">
      <div className="col-span-2 min-w-0">
        <span className="mb-1 block text-xs text-muted">State</span>
        <States search={search} onSearch={onSearch} />
      </div>
      <div>
        <span className="mb-1 block text-xs text-muted">By</span>
        <Segmented label="By" value={whose} options={WHOSE} onChange={(value) => onSearch({ ...search, actor: value === "me" ? "me" : undefined })} />
      </div>
      <SelectField label="Venue" anyLabel="All venues" value={search.source} options={SOURCES} onChange={(source) => onSearch({ ...search, source })} />
      <InputField label="From" type="date" max={search.to} value={search.from ?? ""} onChange={(from) => onSearch({ ...search, from: from || undefined })} />
      <InputField label="To" type="date" min={search.from} value={search.to ?? ""} onChange={(to) => onSearch({ ...search, to: to || undefined })} />
      {isFiltered && <Button look="ghost" onClick={() => onSearch({})}>Clear filters</Button>}
      {(search.product ?? search.opportunity) && <p className="col-span-2 w-full text-xs text-muted">Only those of one {search.product ? "product" : "opportunity"}.</p>}
    </div>
  );
}
