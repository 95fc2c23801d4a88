// The shapes of a value distribution, apart from React so that they can be tested as numbers.

import type { Distribution, Percentiles } from "@/api/types";
import { approximate, compareDecimals } from "@/lib/decimal";
import { linearScale, type Scale } from "@/lib/scale";

export const PERCENTILES = ["5", "25", "50", "75", "95"] as const;

export interface Bin {
  value: number;
  probability: number;
  isProfit: boolean;
}

export interface Geometry {
  bins: Bin[];
  x: Scale;
  y: Scale;
  barWidth: number;
  breakEven: number;
  marks: { name: (typeof PERCENTILES)[number]; value: number }[];
}

interface Frame {
  width: number;
  top: number;
  bottom: number;
}

function marksOf(percentiles: Percentiles): Geometry["marks"] {
  return PERCENTILES.map((name) => ({ name, value: approximate(percentiles[name]) }));
}

/** Bins, scales and marks of a distribution in a frame; the break-even line is always inside. */
export function distributionGeometry(distribution: Distribution, { width, top, bottom }: Frame): Geometry {
  const breakEven = approximate(distribution.break_even);
  const bins = distribution.points.map((point) => ({
    value: approximate(point.value),
    probability: approximate(point.probability),
    isProfit: compareDecimals(point.value, distribution.break_even) > 0,
  }));
  const values = bins.map((bin) => bin.value);
  const low = Math.min(breakEven, ...values);
  const high = Math.max(breakEven, ...values);
  const margin = (high - low || Math.max(high, 1)) * 0.04;
  const x = linearScale([Math.max(0, low - margin), high + margin], [0, width]);
  const y = linearScale([0, Math.max(...bins.map((bin) => bin.probability), Number.MIN_VALUE)], [bottom, top]);
  const [first, second] = values;
  const step = first !== undefined && second !== undefined ? Math.abs(x(second) - x(first)) : 8;
  return { bins, x, y, barWidth: Math.max(1, step), breakEven, marks: marksOf(distribution.percentiles) };
}

/** Chance that the value is at least `value`, by the drawn bins. */
export function chanceAtLeast(bins: readonly Bin[], value: number): number {
  return bins.reduce((sum, bin) => (bin.value >= value ? sum + bin.probability : sum), 0);
}

/** Which bin lies nearest to a value. */
export function nearestBin(bins: readonly Bin[], value: number): Bin | undefined {
  let best: Bin | undefined;
  for (const bin of bins) {
    if (!best || Math.abs(bin.value - value) < Math.abs(best.value - value)) best = bin;
  }
  return best;
}
