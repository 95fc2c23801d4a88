import { describe, expect, it } from "vitest";

import { approximate, compareDecimals, fillRatio, fromPercent, isDecimal, shiftPoint, signOf, toPercent } from "./decimal";

describe("compareDecimals", () => {
  it.each([
    ["0.1", "0.10", 0],
    ["9007199254740993.01", "9007199254740993.02", -1],
    ["-2", "-10", 1],
    ["10", "9.99", 1],
    ["-0", "0", 0],
  ])("compares %s with %s exactly", (a, b, expected) => {
    expect(compareDecimals(a, b)).toBe(expected);
    expect(compareDecimals(b, a) + expected).toBe(0);
  });
});

describe("signOf", () => {
  it.each([["0.00", 0], ["-0.00", 0], ["-0.01", -1], ["0.01", 1], ["nonsense", 0]])("of %s is %i", (text, sign) => {
    expect(signOf(text)).toBe(sign);
  });
});

describe("shiftPoint", () => {
  it.each([["0.1234", "12.34"], ["1", "100"], ["-0.005", "-0.5"], ["0.00000001", "0.000001"], ["12.3", "1230"]])(
    "moves the point of %s two places: %s",
    (text, expected) => {
      expect(shiftPoint(text, 2)).toBe(expected);
    },
  );
});

it("knows a plain decimal from anything else", () => {
  expect(["1", "-1.5", "0.00"].every(isDecimal)).toBe(true);
  expect(["", "1e3", "NaN", "1,5", ".5", "1.", "0x1"].some(isDecimal)).toBe(false);
});

it("keeps bar widths inside the bar", () => {
  expect(fillRatio("1.5", "1")).toBe(1);
  expect(fillRatio("-1", "1")).toBe(0);
  expect(fillRatio("1", "0")).toBe(0);
  expect(approximate("Infinity")).toBe(0);
});

it.each([["12.5", "0.125"], ["0", "0"], ["100", "1"], ["7", "0.07"], ["0.05", "0.0005"], ["250", "2.5"], ["-3", "-0.03"]])(
  "turns %s percent into the share %s and back",
  (percent, share) => {
    expect(fromPercent(percent)).toBe(share);
    expect(toPercent(share)).toBe(percent);
  },
);

it("drops the zeros a share carries", () => {
  expect(toPercent("0.130000")).toBe("13");
});
