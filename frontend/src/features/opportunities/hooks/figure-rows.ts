// Figures seen and figures of now, side by side: how far each moved, and whether that is still acceptable.

import type { Figures } from "../api/shapes";
import { compareDecimals } from "@/lib/decimal";
import { formatChance, formatMoney, formatPercent } from "@/lib/format";

import { percentChange } from "./exact";

/** As the server decides it: by how much the cost may rise, and the profit fall, before an order is refused. */
export const COST_DRIFT = "2";
export const PROFIT_DRIFT = "-20";

export interface FigureRow {
  key: string;
  label: string;
  shown: string;
  now: string;
  /** Percent, for amounts. */
  change: string | null;
  /** Whether the change is for the better; undefined: no difference. */
  isBetter: boolean | undefined;
  /** What must hold, and whether it does. */
  limit: { text: string; holds: boolean } | null;
}

export interface Limits {
  maxCost?: string;
  minMargin?: string;
}

type Name = "total_cost" | "singles_value" | "net_profit" | "margin_percentage" | "confidence_score" | "probability_of_profit";

function within(change: string | null, bound: string, isCeiling: boolean): boolean {
  if (change === null) return true;
  const order = compareDecimals(change, bound);
  return isCeiling ? order <= 0 : order >= 0;
}

function limitOf(key: Name, now: string, change: string | null, limits: Limits): FigureRow["limit"] {
  if (key === "total_cost") {
    const own = limits.maxCost;
    if (own && compareDecimals(now, own) > 0) return { text: `at most ${own}`, holds: false };
    return { text: `up at most ${COST_DRIFT} %`, holds: within(change, COST_DRIFT, true) };
  }
  if (key === "net_profit") return { text: `down at most ${PROFIT_DRIFT.slice(1)} %`, holds: within(change, PROFIT_DRIFT, false) };
  if (key === "margin_percentage" && limits.minMargin) {
    return { text: `at least ${limits.minMargin} %`, holds: compareDecimals(now, limits.minMargin) >= 0 };
  }
  return null;
}

function better(key: Name, shown: string | null, now: string | null): boolean | undefined {
  if (shown === null || now === null) return undefined;
  const order = compareDecimals(now, shown);
  if (order === 0) return undefined;
  return key === "total_cost" ? order < 0 : order > 0;
}

/** One row per figure. Amounts are of one product. `fresh` null: there is no opportunity any more. */
export function figureRows(shown: Figures, fresh: Figures | null, currency: string, limits: Limits = {}): FigureRow[] {
  const money = (value: string | null) => formatMoney(value, currency);
  const rows: [Name, string, (value: string | null) => string, boolean][] = [
    ["total_cost", "Buy, all in", money, true],
    ["singles_value", "Sell, after fees", money, true],
    ["net_profit", "Net profit", (value) => formatMoney(value, currency, "always"), true],
    ["margin_percentage", "Net margin", (value) => formatPercent(value, 1, "always"), false],
    ["confidence_score", "Confidence", (value) => value ?? "–", false],
    ["probability_of_profit", "Chance of profit", (value) => formatChance(value), false],
  ];
  return rows.map(([key, label, text, isAmount]) => {
    const now = fresh?.[key] ?? null;
    const change = isAmount ? percentChange(shown[key], now) : null;
    return {
      key,
      label,
      shown: text(shown[key]),
      now: fresh ? text(now) : "–",
      change: change === null || compareDecimals(change, "0") === 0 ? null : change,
      isBetter: better(key, shown[key], now),
      limit: now === null ? null : limitOf(key, now, change, limits),
    };
  });
}
