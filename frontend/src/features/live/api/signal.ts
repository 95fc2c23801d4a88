// A signal as the engine publishes it: R001's fields and ours.

import { numberOf, decimalOf, textOf, textsOf, type Raw } from "@/lib/raw";

export interface Signal {
  key: string;
  symbol: string;
  buyVenue: string;
  sellVenue: string;
  buyPrice: string | null;
  sellPrice: string | null;
  /** Gross, in percent. */
  spreadPct: string | null;
  netBps: string | null;
  netProfit: string | null;
  flags: readonly string[];
  /** Milliseconds since the epoch. */
  at: number;
  latencyUs: number | null;
}

const ACTION = /^BUY_(.+)_SELL_(.+)$/;

export function readSignal(raw: Raw): Signal | null {
  const at = numberOf(raw, "timestamp");
  const symbol = textOf(raw, "symbol");
  if (at === null || !symbol) return null;
  const [, buy = "", sell = ""] = ACTION.exec(textOf(raw, "action")) ?? [];
  const buyVenue = textOf(raw, "buy_exchange") || buy.toLowerCase();
  const sellVenue = textOf(raw, "sell_exchange") || sell.toLowerCase();
  return {
    key: `${symbol}|${buyVenue}|${sellVenue}|${at}`,
    symbol,
    buyVenue,
    sellVenue,
    buyPrice: decimalOf(raw, "buy_price"),
    sellPrice: decimalOf(raw, "sell_price"),
    spreadPct: decimalOf(raw, "spread_pct"),
    netBps: decimalOf(raw, "net_bps"),
    netProfit: decimalOf(raw, "net_profit"),
    flags: textsOf(raw, "flags") ?? [],
    at,
    latencyUs: numberOf(raw, "latency_us"),
  };
}
