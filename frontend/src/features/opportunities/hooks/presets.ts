// One-click views. A preset is a set of filters; it is on when the URL holds all of them.

import { clearFilters, refine, type ScreenerSearch } from "./screener-search";

export interface Preset {
  id: string;
  name: string;
  meaning: string;
  filters: ScreenerSearch;
}

export const PRESETS: readonly Preset[] = [
  {
    id: "executable",
    name: "Executable now",
    meaning: "Low or medium risk, and a profit left after every fee",
    filters: { risk_level: ["low", "medium"], profit_min: "0.01" },
  },
  { id: "fresh", name: "Fresh < 1 h", meaning: "No price in it is older than an hour", filters: { fresh: "1h" } },
  { id: "low-risk", name: "Low risk", meaning: "Confidence of 0.80 and margin of 50 % or more", filters: { risk_level: ["low"] } },
  {
    id: "high-margin",
    name: "High margin",
    meaning: "Net margin of 50 % or more, highest first",
    filters: { margin_min: "50", ordering: "-margin_percentage" },
  },
  {
    id: "no-outliers",
    name: "No outliers",
    meaning: "Net margin between 5 % and 100 %: leaves out what looks too good",
    filters: { margin_min: "5", margin_max: "100" },
  },
  {
    id: "latest",
    name: "Latest",
    meaning: "Most recently analysed first",
    filters: { ordering: "-updated_at" },
  },
  { id: "watched", name: "Watched", meaning: "Products on your watchlist", filters: { watched: "true", needs_review: "any" } },
  {
    id: "needs-review",
    name: "Needs review",
    meaning: "Margin of 300 % or more: usually a wrong price. A person decides",
    filters: { needs_review: "true" },
  },
];

const same = (a: unknown, b: unknown) => String(a) === String(b);

export function isPresetOn(search: ScreenerSearch, preset: Preset): boolean {
  return Object.entries(preset.filters).every(([key, value]) => same(search[key as keyof ScreenerSearch], value));
}

/** Switch a preset: on replaces other filters, off removes its own. */
export function togglePreset(search: ScreenerSearch, preset: Preset): ScreenerSearch {
  if (isPresetOn(search, preset)) {
    const removed = Object.fromEntries(Object.keys(preset.filters).map((key) => [key, undefined]));
    return refine(search, removed);
  }
  return refine(clearFilters(search), { ordering: undefined, ...preset.filters });
}
