import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { WaterfallChart, waterfallBars } from "./waterfall-chart";

const STEPS = [
  { label: "Gross value", amount: "180.00" },
  { label: "Fees", amount: "-30.00" },
  { label: "Cost", amount: "-95.00" },
  { label: "Net profit", amount: "55.00" },
];

it("hangs each deduction on what is left and stands the result on zero", () => {
  expect(waterfallBars(STEPS).map(({ from, to }) => [from, to])).toEqual([[0, 180], [180, 150], [150, 55], [0, 55]]);
});

it("lists every step with its signed amount", () => {
  render(<WaterfallChart steps={STEPS} currency="EUR" />);

  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "Gross value€180.00", "Fees−€30.00", "Cost−€95.00", "Net profit+€55.00",
  ]);
});
