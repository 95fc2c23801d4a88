import { expect, it } from "vitest";

import { minus, sum, timesCount } from "./money";

it("adds and subtracts without losing a cent", () => {
  expect(sum(["0.10", "0.20"])).toBe("0.30");
  expect(sum(["-31.17", "31.2", null, "no"])).toBe("0.03");
  expect(sum([])).toBe("0.00");
  expect(minus("-5.00", "-7.50")).toBe("2.50");
  expect(minus("1.00", null)).toBeNull();
  expect(timesCount("-0.05", 3)).toBe("-0.15");
  expect(timesCount("90071992547409.93", 2)).toBe("180143985094819.86");
});
