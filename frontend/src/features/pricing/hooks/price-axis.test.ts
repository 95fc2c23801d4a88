import { expect, it } from "vitest";

import { axisLabels } from "./price-axis";

it("gives all ticks of an axis the same decimals", () => {
  expect(axisLabels([2.5, 5, 12.5, 17.5], "EUR")).toEqual(["€2.50", "€5.00", "€12.50", "€17.50"]);
  expect(axisLabels([5, 10, 1500], "EUR")).toEqual(["€5", "€10", "€1,500"]);
});

it("names no currency when there are several", () => {
  expect(axisLabels([7.5, 1000], undefined)).toEqual(["7.50", "1,000.00"]);
});
