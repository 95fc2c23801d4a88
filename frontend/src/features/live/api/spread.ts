// A route between two venues, read from the API or from an event; amounts are decimal text per unit.

import { approximate, type Decimal } from "@/lib/decimal";
import { readSymbol, type Desk } from "@/lib/instruments";
import { decimalOf, momentOf, newer, newerText, numberOf, textOf, textsOf, type Raw } from "@/lib/raw";

const AMOUNTS = [
  "buy_price", "sell_price", "cost", "proceeds", "cushion", "gross_profit", "net_profit", "loss_reserve", "expected_profit",
  "gross_bps", "net_bps", "best_net_bps", "size", "total_profit", "threshold_bps",
] as const;
type Amount = (typeof AMOUNTS)[number];

export interface Spread extends Record<Amount, Decimal | null> {
  id: string;
  market: Desk;
  symbol: string;
  buy_venue: string;
  sell_venue: string;
  currency: string;
  state: "open" | "closed";
  flags: readonly string[];
  /** Milliseconds since the epoch, on the server's clock. */
  openedAt: number | null;
  seenAt: number | null;
  expiresAt: number | null;
  closedReason: string;
  sightings: number | null;
  /** `net_bps` and `net_profit` as numbers, to sort and to filter by. */
  netBps: number;
  profit: number;
}

type Names = Pick<Spread, "id" | "symbol" | "market" | "buy_venue" | "sell_venue" | "currency">;

function namesOf(raw: Raw, before: Spread | undefined): Names | null {
  const [id, symbol] = [newerText(raw, "id", before?.id), newerText(raw, "symbol", before?.symbol)];
  if (!id || !symbol) return null;
  return {
    id,
    symbol,
    market: readSymbol(symbol).desk,
    buy_venue: newerText(raw, "buy_venue", before?.buy_venue),
    sell_venue: newerText(raw, "sell_venue", before?.sell_venue),
    currency: newerText(raw, "currency", before?.currency),
  };
}

function isClosing(raw: Raw): boolean {
  return ["name", "state", "event"].some((key) => textOf(raw, key) === "closed");
}

/** Join what is told now with what was known; null when it does not say which route it is about. */
export function readSpread(raw: Raw, before?: Spread): Spread | null {
  const known: Partial<Spread> = before ?? {};
  const names = namesOf(raw, before);
  if (!names) return null;
  const amounts = Object.fromEntries(AMOUNTS.map((key) => [key, newer(raw, key, decimalOf, known[key])])) as Record<Amount, Decimal | null>;
  const seenAt = momentOf(raw, "at_ms", "last_seen_at") ?? known.seenAt ?? null;
  const openedBefore: number | null | undefined = known.state === "open" ? known.openedAt : seenAt;
  return {
    ...amounts,
    ...names,
    state: isClosing(raw) ? "closed" : "open",
    flags: textsOf(raw, "flags") ?? known.flags ?? [],
    openedAt: momentOf(raw, "opened_at") ?? openedBefore ?? null,
    seenAt,
    expiresAt: momentOf(raw, "expires_ms", "expires_at") ?? known.expiresAt ?? null,
    closedReason: textOf(raw, "closed_reason") || textOf(raw, "reason"),
    sightings: newer(raw, "sightings", numberOf, known.sightings),
    netBps: approximate(amounts.net_bps),
    profit: approximate(amounts.net_profit),
  };
}
