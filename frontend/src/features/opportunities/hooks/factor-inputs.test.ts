import { expect, it } from "vitest";

import { describeInput } from "./factor-inputs";

it.each([
  ["sellers", 2, "sellers: 2"],
  ["volatility", "0.004245", "usual daily move: 0.42\u202F%"],
  ["units_sold", null, "sold in 30 days: unknown"],
  ["is_proxy", false, "estimated from stock: no"],
  ["margin_percentage", "102.39", "net margin: 102.4\u202F%"],
  ["new_input", { a: 1 }, 'new input: {"a":1}'],
])("describes %s = %j as %s", (key, value, expected) => {
  expect(describeInput(key, value)).toBe(expected);
});
