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
  invalid: number | null;
  dropped: number | null;
  reconnects: number | null;
  lagMs: number | null;
  latency: Latency | null;
}

function readLatency(value: unknown): Latency | null {
  if (!isRaw(value)) return null;
  return {
    p50Us: numberOf(value, "p50_us"),
    p99Us: numberOf(value, "p99_us"),
    buckets: listOf(value, "buckets").map((raw) => ({ leUs: numberOf(raw, "le_us"), count: numberOf(raw, "count") ?? 0 })),
  };
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
    invalid: newer(facts, "invalid", numberOf, known.invalid),
    dropped: newer(facts, "dropped", numberOf, known.dropped),
    reconnects: newer(facts, "reconnects", numberOf, known.reconnects),
    lagMs: newer(facts, "lag_ms", numberOf, known.lagMs),
    latency: newer(facts, "latency", (source, key) => readLatency(source[key]), known.latency),
  };
}
