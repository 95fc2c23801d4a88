// The figures that decide whether to act: as the row showed them, and as they are now.

import { compareDecimals, type Decimal } from "@/lib/decimal";
import { formatAmount, formatBps, venueName } from "@/lib/instruments";
import { isRaw, textOf, type Raw } from "@/lib/raw";

import type { Spread } from "../api/spread";
import { minus } from "./exact";

export interface OrderRow {
  label: string;
  note?: string;
  seen: string;
  now: string;
  /** How it moved for the person who acts; null when it did not or cannot be said. */
  moved: "better" | "worse" | null;
  isTotal?: boolean;
}

/** The terms that a venue's fees follow, as the engine noted them: "40 bps", "60 bps + 5 bps slippage". */
export function feeTerms(inputs: unknown, side: "buy" | "sell"): string {
  if (!isRaw(inputs)) return "";
  const fees = inputs["fees"];
  const terms: Raw = isRaw(fees) && isRaw(fees[side]) ? (fees[side] as Raw) : { fee_bps: textOf(inputs, `${side}_fee_bps`) };
  const [fee, slippage, fixed] = [textOf(terms, "fee_bps"), textOf(terms, "slippage_bps"), textOf(terms, "fixed_fee")];
  const isSome = (value: string) => value !== "" && !/^0*(\.0*)?$/.test(value);
  const parts = [fee && `${formatBps(fee)} bps`, isSome(slippage) && `${formatBps(slippage)} bps slippage`, isSome(fixed) && `${fixed} fixed`];
  return parts.filter(Boolean).join(" + ");
}

/** Only what can be seen counts: a fee that moved by a hundredth of a cent is shown as it was. */
function movement(shown: Pick<OrderRow, "seen" | "now">, before: Decimal | null, after: Decimal | null, isMoreBetter: boolean): Pick<OrderRow, "seen" | "now" | "moved"> {
  return { ...shown, moved: shown.seen === shown.now ? null : directionOf(before, after, isMoreBetter) };
}

function directionOf(before: Decimal | null, after: Decimal | null, isMoreBetter: boolean): OrderRow["moved"] {
  if (before === null || after === null) return null;
  const step = compareDecimals(after, before);
  if (step === 0) return null;
  return step > 0 === isMoreBetter ? "better" : "worse";
}

export function orderRows(seen: Spread, now: Spread, inputs: unknown): OrderRow[] {
  const { currency } = now;
  const row = (label: string, of: (spread: Spread) => Decimal | null, isMoreBetter: boolean, extra: Partial<OrderRow> = {}): OrderRow => ({
    label,
    ...movement({ seen: formatAmount(of(seen), currency), now: formatAmount(of(now), currency) }, of(seen), of(now), isMoreBetter),
    ...extra,
  });
  return [
    row(`Buy at ${venueName(now.buy_venue)}`, (spread) => spread.buy_price, false),
    row("Buying fees", (spread) => minus(spread.cost, spread.buy_price), false, { note: feeTerms(inputs, "buy") }),
    row(`Sell at ${venueName(now.sell_venue)}`, (spread) => spread.sell_price, true),
    row("Selling fees", (spread) => minus(spread.sell_price, spread.proceeds), false, { note: feeTerms(inputs, "sell") }),
    row("Cushions", (spread) => spread.cushion, false, { note: "exchange rate, network" }),
    row("Net profit, each", (spread) => spread.net_profit, true, { isTotal: true }),
    ...(now.market === "giftcard" ? [row("Loss reserve", (spread) => spread.loss_reserve, false, { note: "for worthless cards" })] : []),
    { label: "Net spread", ...movement({ seen: `${formatBps(seen.net_bps)} bps`, now: `${formatBps(now.net_bps)} bps` }, seen.net_bps, now.net_bps, true), isTotal: true },
  ];
}
