import { expect, it } from "vitest";

import { decimal, oneOf, parseSearch, someOf, stringifySearch, text, wholeNumber } from "./search-params";

it("drops values that do not fit", () => {
  const raw = { page: "0", size: "1.5", margin: "1e3", level: "low,none,low", word: "  box ", long: "x".repeat(300) };

  expect(wholeNumber(raw, "page", 1, 10)).toBeUndefined();
  expect(wholeNumber(raw, "size", 1, 10)).toBeUndefined();
  expect(decimal(raw, "margin")).toBeUndefined();
  expect(someOf(raw, "level", ["low", "high"])).toEqual(["low"]);
  expect(oneOf(raw, "level", ["low", "high"])).toBeUndefined();
  expect(text(raw, "word")).toBe("box");
  expect(text(raw, "long")).toHaveLength(200);
});

it("keeps links readable both ways", () => {
  const search = stringifySearch({ risk_level: ["low", "medium"], search: "a&b c", page: undefined, empty: "" });

  expect(search).toBe("?risk_level=low,medium&search=a%26b%20c");
  expect(parseSearch(search)).toEqual({ risk_level: "low,medium", search: "a&b c" });
  expect(stringifySearch({})).toBe("");
});
