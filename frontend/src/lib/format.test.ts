import { describe, expect, it } from "vitest";

import { formatChance, formatDecimal, formatFraction, formatMoney, formatPercent, humanise, plural, toneOf } from "./format";

describe("formatMoney", () => {
  it.each([
    ["1234.5", "EUR", "€1,234.50"],
    ["-3.2", "USD", "−$3.20"],
    ["1500", "JPY", "¥1,500"],
    ["12345678901234567.89", "EUR", "€12,345,678,901,234,567.89"],
    ["12.00", "not a currency", "12.00 not a currency"],
  ])("shows %s %s as %s", (amount, currency, expected) => {
    expect(formatMoney(amount, currency)).toBe(expected);
  });

  it("shows what is missing as missing", () => {
    expect(formatMoney(null, "EUR")).toBe("–");
    expect(formatMoney("NaN", "EUR")).toBe("–");
  });

  it("puts a sign before gains and losses, none before nothing", () => {
    expect(["3", "-3", "0"].map((amount) => formatMoney(amount, "EUR", "always"))).toEqual(["+€3.00", "−€3.00", "€0.00"]);
  });
});

it("shows percentages with a narrow space", () => {
  expect(formatPercent("31.456", 1)).toBe("31.5\u202F%");
  expect(formatPercent("-0.5", 1, "always")).toBe("−0.5\u202F%");
  expect(formatFraction("0.9731")).toBe("97.3\u202F%");
});

it.each([
  ["0.0004", "<\u202F0.1\u202F%"],
  ["0.9999", ">\u202F99.9\u202F%"],
  ["0.8123", "81\u202F%"],
  ["0.053", "5.3\u202F%"],
  ["1", "100\u202F%"],
  ["0", "0\u202F%"],
  [null, "–"],
])("shows the chance %s as %s", (chance, expected) => {
  expect(formatChance(chance)).toBe(expected);
});

it("names codes and counts", () => {
  expect(humanise("booster_box")).toBe("Booster box");
  expect(plural(1, "match", "matches")).toBe("1 match");
  expect(plural(1200, "row")).toBe("1,200 rows");
  expect(formatDecimal("2.5000")).toBe("2.5");
  expect(["1", "-1", "0", null].map(toneOf)).toEqual(["gain", "loss", "even", "even"]);
});
