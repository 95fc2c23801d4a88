import { expect, it } from "vitest";

import { DAY_MS, formatDate, formatDuration, formatRelative, formatUtc, freshnessOf, HOUR_MS, formatCountdown, formatSpan } from "./time";

const NOW = Date.parse("2026-11-21T12:00:00Z");

it.each([
  [30_000, "now"],
  [4 * 60_000, "4 min"],
  [HOUR_MS * 1.9, "1 h"],
  [HOUR_MS * 47, "47 h"],
  [DAY_MS * 3, "3 d"],
  [NaN, "unknown"],
])("says %d ms as %s", (duration, expected) => {
  expect(formatDuration(duration)).toBe(expected);
});

it("tells the past from the future", () => {
  expect(formatRelative("2026-11-21T09:00:00Z", NOW)).toBe("3 h ago");
  expect(formatRelative("2026-11-21T14:30:00Z", NOW)).toBe("in 2 h");
  expect(formatRelative("2026-11-21T12:00:10Z", NOW)).toBe("just now");
});

it("calls prices fresh for six hours and stale after a day", () => {
  expect([HOUR_MS * 6, HOUR_MS * 24, HOUR_MS * 24 + 1].map(freshnessOf)).toEqual(["fresh", "ageing", "stale"]);
});

it("prints exact moments in UTC and survives nonsense", () => {
  expect(formatUtc("2026-11-21T05:09:37.123Z")).toBe("2026-11-21 05:09:37 UTC");
  expect(formatUtc("nonsense")).toBe("unknown time");
  expect(formatDate("2024-11-28")).toBe("28 Nov 2024");
  expect(formatDate(null)).toBe("–");
});

it.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [90, "2 min"],
  [3_600, "1 h"],
  [4_800, "1 h 20 min"],
  [-5, "0 s"],
])("says %s seconds as %s", (seconds, text) => {
  expect(formatSpan(seconds)).toBe(text);
});

it.each([
  [245_000, "4:05"],
  [244_001, "4:05"],
  [3_845_000, "1:04:05"],
  [-1, "0:00"],
])("counts %s ms down as %s", (left, text) => {
  expect(formatCountdown(left)).toBe(text);
});
