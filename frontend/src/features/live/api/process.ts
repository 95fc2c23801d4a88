// Heartbeats and figures of the desk's processes, and the latency that they measure.

import { isRaw, listOf, momentOf, newer, newerText, numberOf, oneOfText, textOf, type Raw } from "@/lib/raw";

export interface Bucket {
  /** Upper bound in microseconds; null: everything above. */
  leUs: number | null;
  /** Of this bucket alone. */
  count: number;
}

export interface Latency {
  p50Us: number | null;
  p99Us: number | null;
  buckets: readonly Bucket[];
}

export interface Process {
  name: string;
  state: "live" | "degraded" | "down";
  detail: string;
  /** When it was last heard of, in milliseconds since the epoch on the server's clock. */
  at: number | null;
  ticksPerSecond: number | null;
  messages: number | null;
  /** Known now, of the gift-card desks. */
  quotes: number | null;
  /** Sightings written down. */
  entries: number | null;
  invalid: number | null;
  dropped: number | null;
  reconnects: number | null;
  lagMs: number | null;
  latency: Latency | null;
}

/** The bound under which this share of all lies; null without any. */
function percentile(buckets: readonly Bucket[], share: number): number | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let reached = 0;
  for (const { leUs, count } of buckets) {
    reached += count;
    if (total > 0 && reached >= share * total) return leUs ?? Number.POSITIVE_INFINITY;
  }
  return null;
}

export function latencyOf(buckets: readonly Bucket[]): Latency {
  return { p50Us: percentile(buckets, 0.5), p99Us: percentile(buckets, 0.99), buckets };
}

/** Each event counts what was published since the one before, each bucket with all below it; here they add up, each alone. */
function addLatency(value: unknown, before: Latency | null | undefined): Latency | null {
  if (!isRaw(value)) return before ?? null;
  const known = new Map(before?.buckets.map(({ leUs, count }) => [leUs, count]));
  const told = listOf(value, "buckets").map((raw) => ({ leUs: numberOf(raw, "le_us"), reached: numberOf(raw, "count") ?? 0 }));
  const buckets = told.map(({ leUs, reached }, index) => ({ leUs, count: reached - (told[index - 1]?.reached ?? 0) }));
  return latencyOf(buckets.map(({ leUs, count }) => ({ leUs, count: count + (known.get(leUs) ?? 0) })));
}

/** From a `metrics` event, or from an entry of `/health`. */
export function readProcess(raw: Raw, before?: Process): Process | null {
  const known: Partial<Process> = before ?? {};
  const name = textOf(raw, "process") || (textOf(raw, "name") === "live" ? "" : textOf(raw, "name"));
  if (!name) return null;
  const facts = isRaw(raw["facts"]) ? { ...raw["facts"], ...raw } : raw;
  return {
    name,
    state: oneOfText(facts, "state", ["live", "degraded", "down"], known.state ?? "live"),
    detail: newerText(facts, "detail", known.detail),
    at: newer(facts, "at", momentOf, known.at),
    ticksPerSecond: newer(facts, "ticks_per_second", numberOf, known.ticksPerSecond),
    messages: newer(facts, "messages", numberOf, known.messages),
    quotes: newer(facts, "quotes", numberOf, known.quotes),
    entries: newer(facts, "entries", numberOf, known.entries),
    invalid: newer(facts, "invalid", numberOf, known.invalid),
    dropped: newer(facts, "dropped", numberOf, known.dropped),
    reconnects: newer(facts, "reconnects", numberOf, known.reconnects),
    lagMs: newer(facts, "lag_ms", numberOf, known.lagMs),
    latency: addLatency(facts["latency"], known.latency),
  };
}
