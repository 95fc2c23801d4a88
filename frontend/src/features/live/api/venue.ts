// Health of one venue's connection, read from the API or from an event.

import type { Desk } from "@/lib/instruments";
import { momentOf, newer, newerText, numberOf, oneOfText, textOf, type Raw } from "@/lib/raw";

export const VENUE_STATES = ["live", "connecting", "syncing", "stale", "down", "unknown", "disabled", "gated"] as const;
export type VenueState = (typeof VENUE_STATES)[number];

const COUNTS = ["quotes", "errors", "reconnects", "invalid", "dropped"] as const;

export interface VenueHealth extends Record<(typeof COUNTS)[number], number> {
  code: string;
  name: string;
  desk: Desk;
  side: string;
  region: string;
  currency: string;
  state: VenueState;
  gatedReason: string;
  latencyMs: number | null;
  /** Milliseconds since the epoch, on the server's clock. */
  lastQuoteAt: number | null;
  lastError: string;
  breaker: "closed" | "half_open" | "open";
}

/** An event may carry no name of the venue (its `name` is what happened), the list does. */
export function readVenue(raw: Raw, before?: VenueHealth): VenueHealth | null {
  const known: Partial<VenueHealth> = before ?? {};
  const code = textOf(raw, "code") || textOf(raw, "venue");
  if (!code) return null;
  const isEvent = textOf(raw, "name") === "health";
  const counts = Object.fromEntries(COUNTS.map((key) => [key, newer(raw, key, numberOf, known[key]) ?? 0])) as Record<(typeof COUNTS)[number], number>;
  return {
    ...counts,
    code,
    name: isEvent ? (known.name ?? "") : textOf(raw, "name"),
    desk: oneOfText(raw, "kind", ["giftcard", "crypto"], known.desk ?? "giftcard"),
    side: newerText(raw, "side", known.side),
    region: newerText(raw, "region", known.region),
    currency: newerText(raw, "currency", known.currency),
    state: oneOfText(raw, "state", VENUE_STATES, known.state ?? "connecting"),
    gatedReason: newerText(raw, "gated_reason", known.gatedReason),
    latencyMs: newer(raw, "latency_ms", numberOf, known.latencyMs),
    lastQuoteAt: momentOf(raw, "last_quote_at", "last_quote_ms") ?? known.lastQuoteAt ?? null,
    lastError: newerText(raw, "last_error", known.lastError),
    breaker: oneOfText(raw, "breaker", ["closed", "half_open", "open"], known.breaker ?? "closed"),
  };
}
