import { describe, expect, it } from "vitest";

import { PRESETS, isPresetOn, togglePreset } from "./presets";
import { clearFilters, countFilters, nextOrdering, parseScreenerSearch, refine, sortDirection, toApiQuery } from "./screener-search";

describe("parseScreenerSearch", () => {
  it("drops what does not fit and leaves defaults out", () => {
    const raw = {
      margin_min: "10", margin_max: "abc", page: "1", page_size: "50", ordering: "-rank_score", risk_level: "high,low,bad",
      needs_review: "false", density: "huge", columns: "margin,nonsense", search: "  box ", unknown: "x",
    };

    expect(parseScreenerSearch(raw)).toEqual({ margin_min: "10", risk_level: ["low", "high"], columns: ["margin"], search: "box" });
  });

  it("accepts only the offered page sizes", () => {
    expect(parseScreenerSearch({ page_size: "100" })).toEqual({ page_size: 100 });
    expect(parseScreenerSearch({ page_size: "77" })).toEqual({});
  });
});

it("sends filters, order and page to the API, and nothing of the presentation", () => {
  const query = toApiQuery({ risk_level: ["low", "medium"], profit_min: "0.01", density: "compact", inspect: "x", columns: ["margin"] }, 0);

  expect(query).toEqual({ risk_level: ["low", "medium"], profit_min: 0.01, ordering: ["-rank_score"], page: 1, page_size: 50 });
});

it("returns to the first page when a filter changes, keeping the presentation", () => {
  const before = { page: 4, inspect: "x", density: "compact", search: "box" } as const;

  expect(refine(before, { search: "deck" })).toEqual({ density: "compact", search: "deck" });
  expect(clearFilters({ ...before, risk_level: ["low"], page_size: 100 })).toEqual({ density: "compact", page_size: 100 });
  expect(countFilters({ ...before, risk_level: ["low"] })).toBe(2);
});

it("cycles a header through descending, ascending and the default rank", () => {
  const first = nextOrdering(undefined, "net_profit");
  const second = nextOrdering(first, "net_profit");

  expect([first, second, nextOrdering(second, "net_profit")]).toEqual(["-net_profit", "net_profit", undefined]);
  expect(sortDirection(undefined, "rank_score")).toBe("descending");
  expect(sortDirection("net_profit", "net_profit")).toBe("ascending");
  expect(sortDirection("net_profit", "total_cost")).toBe("none");
});

describe("presets", () => {
  it.each(PRESETS.map((preset) => [preset.name, preset] as const))("%s switches on and off without a trace", (_name, preset) => {
    const on = togglePreset({ search: "box", density: "compact" }, preset);

    expect(isPresetOn(on, preset)).toBe(true);
    expect(parseScreenerSearch(on as Record<string, unknown>)).toBeDefined();
    expect(togglePreset(on, preset)).toEqual({ density: "compact" });
  });

  it("replace each other", () => {
    const [first, second] = PRESETS;
    if (!first || !second) throw new Error("presets are missing");

    const search = togglePreset(togglePreset({}, first), second);

    expect(isPresetOn(search, first)).toBe(false);
    expect(isPresetOn(search, second)).toBe(true);
  });
});
