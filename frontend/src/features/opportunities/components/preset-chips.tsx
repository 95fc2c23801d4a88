import clsx from "clsx";
import type { ReactNode } from "react";

import { isPresetOn, PRESETS, togglePreset } from "../hooks/presets";
import type { ScreenerSearch } from "../hooks/screener-search";

interface PresetChipsProps {
  search: ScreenerSearch;
  onSearch: (next: ScreenerSearch) => void;
  isAnonymous: boolean;
  /** Further chips. */
  children?: ReactNode;
}

export function PresetChips({ search, onSearch, isAnonymous, children }: PresetChipsProps) {
  return (
    <div role="group" aria-label="Presets" className="-mx-1 flex gap-1.5 overflow-x-auto px-1 py-1">
      {PRESETS.filter((preset) => !(isAnonymous && preset.filters.watched)).map((preset) => {
        const isOn = isPresetOn(search, preset);
        return (
          <button
            key={preset.id}
            type="button"
            aria-pressed={isOn}
            title={preset.meaning}
            onClick={() => onSearch(togglePreset(search, preset))}
            className={clsx(
              "h-11 shrink-0 rounded-full border px-3 text-xs font-medium whitespace-nowrap transition-colors sm:h-8",
              isOn ? "border-transparent bg-accent-solid text-white" : "bg-surface text-muted hover:border-line-strong hover:text-ink",
            )}
          >
            {preset.name}
          </button>
        );
      })}
      {children}
    </div>
  );
}
