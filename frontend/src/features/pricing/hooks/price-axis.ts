// Labels of the price axis.

import { formatMoney } from "@/lib/format";

/** One label per tick, all with the same decimals; without a sign when the lines are in several currencies. */
export function axisLabels(ticks: readonly number[], currency: string | undefined): string[] {
  const isWhole = ticks.every(Number.isInteger);
  return ticks.map((tick) => {
    if (currency === undefined) return tick.toLocaleString("en-GB", { minimumFractionDigits: isWhole ? 0 : 2, maximumFractionDigits: 2 });
    const text = formatMoney(tick.toFixed(2), currency);
    return isWhole ? text.replace(/\.00$/, "") : text;
  });
}
