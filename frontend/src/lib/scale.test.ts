import { expect, it } from "vitest";

import { linearScale, niceTicks } from "./scale";

it("maps values to positions and back", () => {
  const scale = linearScale([10, 20], [0, 100]);

  expect(scale(15)).toBe(50);
  expect(scale.invert(50)).toBe(15);
  expect(linearScale([5, 5], [0, 100])(5)).toBe(50);
});

it("finds round ticks inside the range", () => {
  expect(niceTicks(3, 97, 5)).toEqual([20, 40, 60, 80]);
  expect(niceTicks(0, 1, 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(niceTicks(5, 5, 4)).toEqual([5]);
});
