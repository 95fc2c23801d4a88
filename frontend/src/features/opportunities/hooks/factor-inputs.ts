// The inputs of a confidence factor in words. An input without a name of its own is shown under its code.

import { formatFraction, formatPercent, humanise } from "@/lib/format";

const LABELS: Record<string, string> = {
  returns: "daily price changes",
  volatility: "usual daily move",
  basket_returns: "daily price changes of the contents",
  basket_volatility: "usual daily move of the contents",
  sellers: "sellers",
  is_proxy: "estimated from stock",
  units_sold: "sold in 30 days",
  days_with_sale: "days with a sale",
  margin_percentage: "net margin",
};

function valueText(key: string, value: unknown): string {
  if (value === null || value === undefined) return "unknown";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (key.endsWith("volatility")) return formatFraction(text, 2);
  return key.endsWith("percentage") ? formatPercent(text) : text;
}

/** "sellers: 2", "usual daily move: 0.42 %", "sold in 30 days: unknown". */
export function describeInput(key: string, value: unknown): string {
  return `${LABELS[key] ?? humanise(key).toLowerCase()}: ${valueText(key, value)}`;
}
