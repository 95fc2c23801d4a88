import { expect, it } from "vitest";

import { formatAge, formatAmount, readSymbol } from "./instruments";
import { decimalOf, momentOf } from "./raw";

it.each([
  ["0E-12", "0"],
  ["1.5E-7", "0.00000015"],
  ["-12.5e+3", "-12500"],
  ["45.1125", "45.1125"],
  [0.61, "0.61"],
  [1e-7, "0.0000001"],
  ["", null],
  [null, null],
  [Number.NaN, null],
])("reads %s as the decimal %s", (value, expected) => {
  expect(decimalOf({ value }, "value")).toBe(expected);
});

it("reads moments from milliseconds and from ISO 8601, taking the first that is there", () => {
  expect(momentOf({ at_ms: null, at: "2026-11-21T05:00:00Z" }, "at_ms", "at")).toBe(Date.parse("2026-11-21T05:00:00Z"));
  expect(momentOf({ at_ms: 5 }, "at_ms")).toBe(5);
  expect(momentOf({}, "at")).toBeNull();
});

it("names what is traded", () => {
  expect(readSymbol("giftcard:app-store-itunes:100:USD:US")).toMatchObject({ desk: "giftcard", name: "App Store iTunes $100 US", base: "app-store-itunes", quote: "USD" });
  expect(readSymbol("crypto:BTC/USDT")).toMatchObject({ desk: "crypto", name: "BTC/USDT", base: "BTC", quote: "USDT" });
  expect(readSymbol("ETH/USD").name).toBe("ETH/USD");
});

it("writes fiat money to the cent and coins as far as they need", () => {
  expect(formatAmount("0.704295", "USD")).toBe("$0.70");
  expect(formatAmount("8.47857", "USDT", "always")).toBe("+8.48\u202FUSDT");
  expect(formatAmount("0.00042", "BTC")).toBe("0.00042\u202FBTC");
  expect(formatAmount("-1.5", "USD", "always")).toBe("−$1.50");
  expect(formatAmount(null, "USD")).toBe("–");
});

it("counts ages by the second", () => {
  expect([300, 1_400, 61_000, 7_200_000].map(formatAge)).toEqual(["now", "1 s", "1 min", "2 h"]);
});
