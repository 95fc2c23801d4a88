import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { makeDistribution } from "@/testing/factories";

import { DistributionChart } from "./distribution-chart";
import { chanceAtLeast, distributionGeometry, nearestBin } from "./distribution-geometry";

const FRAME = { width: 600, top: 20, bottom: 160 };

describe("geometry", () => {
  it("counts as profit only what lies above break-even", () => {
    const { bins } = distributionGeometry(makeDistribution({ break_even: "120.00" }), FRAME);

    expect(bins.map((bin) => bin.isProfit)).toEqual([false, false, true, true]);
  });

  it.each(["10.00", "900.00"])("keeps a break-even of %s inside the frame", (breakEven) => {
    const { x, breakEven: value } = distributionGeometry(makeDistribution({ break_even: breakEven }), FRAME);

    expect(x(value)).toBeGreaterThanOrEqual(0);
    expect(x(value)).toBeLessThanOrEqual(FRAME.width);
  });

  it("draws the likeliest bin at full height", () => {
    const { bins, y } = distributionGeometry(makeDistribution(), FRAME);

    expect(Math.min(...bins.map((bin) => y(bin.probability)))).toBe(FRAME.top);
  });

  it("survives a single certain value", () => {
    const { bins, x, barWidth } = distributionGeometry(
      makeDistribution({ points: [{ value: "50.00", probability: "1" }], break_even: "50.00" }), FRAME,
    );

    expect(Number.isFinite(x(50))).toBe(true);
    expect(barWidth).toBeGreaterThan(0);
    expect(chanceAtLeast(bins, 50)).toBe(1);
  });

  it("sums the tail under the pointer", () => {
    const { bins } = distributionGeometry(makeDistribution(), FRAME);

    expect(chanceAtLeast(bins, 140)).toBeCloseTo(0.7);
    expect(nearestBin(bins, 131)?.value).toBe(140);
    expect(nearestBin([], 1)).toBeUndefined();
  });
});

it("tells a screen reader mean, break-even and chance", () => {
  render(<DistributionChart distribution={makeDistribution()} />);

  const chart = screen.getByRole("img");
  expect(chart).toHaveAccessibleName(/Mean €180\.00, break-even €120\.00, chance of profit 81\u202F%/);
  expect(chart.querySelectorAll("[data-profit='true']")).toHaveLength(2);
  expect(screen.getByText("Break-even €120.00")).toBeInTheDocument();
});
