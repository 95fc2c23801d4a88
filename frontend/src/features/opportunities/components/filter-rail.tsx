import { ArrowUturnLeftIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";

import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { SelectField } from "@/components/ui/select-field";
import { TextField } from "@/components/ui/text-field";
import { isDecimal } from "@/lib/decimal";
import { humanise } from "@/lib/format";
import { CATEGORIES, SEALED_KINDS, SOURCES } from "@/lib/vocabulary";

import { clearFilters, countFilters, refine, RISK_LEVELS, type DecimalKey, type ScreenerSearch } from "../hooks/screener-search";
import { SEARCH_FIELD } from "../hooks/use-row-keys";

interface ChangeProps {
  search: ScreenerSearch;
  onSearch: (next: ScreenerSearch) => void;
}

interface FilterRailProps extends ChangeProps {
  isAnonymous: boolean;
}

const AGES = [
  { value: "1h", label: "Under 1 hour" },
  { value: "6h", label: "Under 6 hours" },
  { value: "24h", label: "Under a day" },
] as const;

interface RangeProps extends ChangeProps {
  label: string;
  min: DecimalKey;
  max: DecimalKey;
  placeholder: [string, string];
}

function Range({ label, min, max, placeholder, search, onSearch }: RangeProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-muted">{label}</legend>
      <div className="grid grid-cols-[1fr_auto_1fr] items-center gap-1.5">
        {[min, max].map((key, index) => (
          <TextField
            key={key}
            className={index === 1 ? "col-start-3" : undefined}
            label={`${label}, ${index === 0 ? "at least" : "at most"}`}
            hideLabel
            inputMode="decimal"
            placeholder={placeholder[index]}
            value={search[key]}
            isValid={isDecimal}
            onCommit={(value) => onSearch(refine(search, { [key]: value }))}
          />
        ))}
        <span aria-hidden className="col-start-2 row-start-1 text-xs text-muted">to</span>
      </div>
    </fieldset>
  );
}

function RiskChoice({ search, onSearch }: ChangeProps) {
  const chosen = search.risk_level ?? [];
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-muted">Risk</legend>
      <div className="flex gap-1.5">
        {RISK_LEVELS.map((level) => {
          const isOn = chosen.includes(level);
          const next = RISK_LEVELS.filter((other) => (other === level ? !isOn : chosen.includes(other)));
          return (
            <button
              key={level}
              type="button"
              aria-pressed={isOn}
              onClick={() => onSearch(refine(search, { risk_level: next.length > 0 ? next : undefined }))}
              className={clsx(
                "h-11 flex-1 rounded-lg border text-xs font-medium sm:h-8",
                isOn ? "border-accent bg-accent-soft text-accent" : "text-muted hover:border-line-strong hover:text-ink",
              )}
            >
              {humanise(level)}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

/** Every filter of the screener; each change goes to the URL at once. */
export function FilterRail({ search, onSearch, isAnonymous }: FilterRailProps) {
  const change = (patch: ScreenerSearch) => onSearch(refine(search, patch));
  const shared = { search, onSearch };
  return (
    <div className="flex flex-col gap-4">
      <div id={SEARCH_FIELD}>
        <TextField label="Product or set" type="search" placeholder="Search" value={search.search} onCommit={(value) => change({ search: value })} />
      </div>
      <RiskChoice {...shared} />
      <Range {...shared} label="Net margin, %" min="margin_min" max="margin_max" placeholder={["0", "any"]} />
      <Range {...shared} label="Net profit" min="profit_min" max="profit_max" placeholder={["0", "any"]} />
      <Range {...shared} label="Confidence" min="confidence_min" max="confidence_max" placeholder={["0.00", "1.00"]} />
      <SelectField label="Game" anyLabel="All games" value={search.category} options={CATEGORIES} onChange={(category) => change({ category })} />
      <SelectField label="Kind" anyLabel="All kinds" value={search.sealed_kind} options={SEALED_KINDS} onChange={(value) => change({ sealed_kind: value })} />
      <SelectField label="Price source" anyLabel="All sources" value={search.source} options={SOURCES} onChange={(source) => change({ source })} />
      <SelectField label="Oldest price" anyLabel="Any age" value={search.fresh} options={AGES} onChange={(fresh) => change({ fresh })} />
      {!isAnonymous && (
        <label className="flex min-h-11 items-center gap-2.5 text-[0.8125rem] sm:min-h-0">
          <input type="checkbox" className="size-4 accent-accent-solid" checked={search.watched === "true"} onChange={(event) => change({ watched: event.target.checked ? "true" : undefined })} />
          Only watched
        </label>
      )}
      <div>
        <span className="mb-1 block text-xs text-muted">Held for review</span>
        <Segmented
          label="Held for review"
          value={search.needs_review ?? "false"}
          options={[{ value: "false", label: "Hide" }, { value: "any", label: "Include" }, { value: "true", label: "Only" }]}
          onChange={(value) => change({ needs_review: value === "false" ? undefined : value })}
        />
      </div>
      <Button disabled={countFilters(search) === 0} onClick={() => onSearch(clearFilters(search))}>
        <ArrowUturnLeftIcon aria-hidden className="size-4" />
        Clear filters
      </Button>
    </div>
  );
}
