// The order books of one instrument, read from the API or from an event; prices and sizes are decimal text.

import { compareDecimals, isDecimal, type Decimal } from "@/lib/decimal";
import { readSymbol, type Desk, type Instrument } from "@/lib/instruments";
import { decimalOf, isRaw, listOf, momentOf, textOf, type Raw } from "@/lib/raw";

export type QuoteState = "live" | "stale" | "withdrawn" | "gated";
export type Level = readonly [price: Decimal, size: Decimal];

export interface VenueQuote {
  venue: string;
  bid: Decimal | null;
  ask: Decimal | null;
  bidSize: Decimal | null;
  askSize: Decimal | null;
  /** Milliseconds since the epoch, on the server's clock. */
  receivedAt: number | null;
  state: QuoteState;
  bids: readonly Level[];
  asks: readonly Level[];
}

export interface Best {
  venue: string;
  price: Decimal;
  size: Decimal | null;
}

export interface Book extends Instrument {
  symbol: string;
  bestBid: Best | null;
  bestAsk: Best | null;
  /** Somebody bids more than another one asks, before any fee. */
  isCrossed: boolean;
  venues: readonly VenueQuote[];
}

function levelsOf(raw: Raw, key: string): Level[] {
  const value = raw[key];
  if (!Array.isArray(value)) return [];
  return value.flatMap((level: unknown): Level[] => {
    if (!Array.isArray(level)) return [];
    const [price, size] = level as unknown[];
    return typeof price === "string" && typeof size === "string" ? [[price, size]] : [];
  });
}

function stateOf(raw: Raw): QuoteState {
  const state = textOf(raw, "state");
  if (state === "withdrawn" || state === "gated" || state === "stale") return state;
  return raw["is_fresh"] === false ? "stale" : "live";
}

function readQuote(raw: Raw): VenueQuote {
  return {
    venue: textOf(raw, "venue"),
    bid: decimalOf(raw, "bid"),
    ask: decimalOf(raw, "ask"),
    bidSize: decimalOf(raw, "bid_size"),
    askSize: decimalOf(raw, "ask_size"),
    receivedAt: momentOf(raw, "received_ms", "received_at"),
    state: stateOf(raw),
    bids: levelsOf(raw, "bids"),
    asks: levelsOf(raw, "asks"),
  };
}

function readBest(value: unknown): Best | null {
  if (!isRaw(value)) return null;
  const price = decimalOf(value, "price");
  return price !== null && isDecimal(price) ? { venue: textOf(value, "venue"), price, size: decimalOf(value, "size") } : null;
}

/** The whole book each time; null when it does not say of what. */
export function readBook(raw: Raw): Book | null {
  const symbol = textOf(raw, "symbol");
  if (!symbol) return null;
  const [bestBid, bestAsk] = [readBest(raw["best_bid"]), readBest(raw["best_ask"])];
  return {
    ...readSymbol(symbol),
    symbol,
    bestBid,
    bestAsk,
    isCrossed: bestBid !== null && bestAsk !== null && bestBid.venue !== bestAsk.venue && compareDecimals(bestBid.price, bestAsk.price) > 0,
    venues: listOf(raw, "venues").map(readQuote).sort((a, b) => a.venue.localeCompare(b.venue)),
  };
}

/** How old a quote may be before the desk stops using it, unless the server says otherwise. */
export const LIMITS: Record<Desk, number> = { crypto: 5_000, giftcard: 15_000 };
