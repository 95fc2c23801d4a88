import { describe, expect, it } from "vitest";

import { difference, fractionOf, percentChange, percentOf, times } from "./exact";

describe("exact figures", () => {
  it("work where binary numbers would not", () => {
    expect(difference("0.30", "0.1")).toBe("-0.20");
    expect(times("0.10", 3)).toBe("0.30");
    expect(times("-31.17", 2)).toBe("-62.34");
    expect(times("90071992547409.93", 3)).toBe("270215977642229.79");
  });

  it.each([
    ["189.00", "191.50", "1.3"],
    ["240.10", "239.80", "-0.1"],
    ["-31.20", "-31.17", "0.1"],
    ["200", "100.1", "-50.0"],
    ["100", "100.05", "0.1"],
    ["100", "99.95", "-0.1"],
    ["0.00", "5.00", null],
    [null, "5.00", null],
    ["much", "5.00", null],
  ])("say how far %s moved to %s", (from, to, expected) => {
    expect(percentChange(from, to)).toBe(expected);
  });

  it("turn percent into fractions and back", () => {
    expect(fractionOf("12.5")).toBe("0.125");
    expect(fractionOf("100")).toBe("1");
    expect(percentOf("0.125")).toBe("12.5");
    expect(percentOf("1")).toBe("100");
    expect(percentOf("0.0500")).toBe("5");
    expect(percentOf(fractionOf("0.35"))).toBe("0.35");
  });
});
