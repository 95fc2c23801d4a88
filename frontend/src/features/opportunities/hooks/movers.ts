// Which sealed products moved most lately, among those that are worth buying.

import { absolute, compareDecimals } from "@/lib/decimal";

import type { Opportunity } from "@/api/types";

import type { Sparkline } from "../api/shapes";
import { percentChange } from "./exact";

export interface Mover {
  opportunity: Opportunity;
  /** Percent, first to last price. */
  change: string;
  prices: string[];
}

/** The largest moves up and down, each product once, at the source where it is bought. */
export function findMovers(rows: readonly Opportunity[], courses: readonly Sparkline[], most: number): Mover[] {
  const seen = new Set<string>();
  const movers = rows.flatMap((opportunity): Mover[] => {
    const product = opportunity.sealed_product.id;
    const course = courses.find((other) => other.product === product && other.source === opportunity.buy_source);
    const prices = course?.points.map((point) => point.price) ?? [];
    const change = percentChange(prices[0], prices.at(-1));
    if (change === null || seen.has(product) || compareDecimals(change, "0") === 0) return [];
    seen.add(product);
    return [{ opportunity, change, prices }];
  });
  return movers.sort((a, b) => compareDecimals(absolute(b.change), absolute(a.change))).slice(0, most);
}
