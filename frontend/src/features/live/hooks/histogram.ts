// Bars of the latency histogram, with bounds in words.

import { latencyOf, type Bucket, type Latency } from "../api/process";
import type { Signal } from "../api/signal";

export interface Bar {
  label: string;
  count: number;
  /** Of the fullest bar, 0 to 1. */
  share: number;
}

const BOUNDS_US = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 1_000_000];

/** The histogram of signals at hand. */
export function latencyOfSignals(signals: readonly Pick<Signal, "latencyUs">[]): Latency {
  const found = signals.flatMap(({ latencyUs }) => latencyUs ?? []);
  const bounds = [...BOUNDS_US, Number.POSITIVE_INFINITY];
  return latencyOf(bounds.map((bound, index) => ({ leUs: Number.isFinite(bound) ? bound : null, count: found.filter((us) => us <= bound && us > (bounds[index - 1] ?? Number.NEGATIVE_INFINITY)).length })));
}

/** "85 µs", "1.2 ms", "3 s". */
export function formatMicros(micros: number | null): string {
  if (micros === null) return "–";
  if (!Number.isFinite(micros)) return "over 1 s";
  if (micros < 1_000) return `${Math.round(micros)} µs`;
  if (micros < 1_000_000) return `${Number((micros / 1_000).toPrecision(2))} ms`;
  return `${Number((micros / 1_000_000).toPrecision(2))} s`;
}

function labelOf({ leUs }: Bucket, before: Bucket | undefined): string {
  return leUs === null ? `over ${formatMicros(before?.leUs ?? null)}` : `up to ${formatMicros(leUs)}`;
}

/** Empty buckets at both ends are left out. */
export function barsOf({ buckets }: Pick<Latency, "buckets">): Bar[] {
  const most = Math.max(0, ...buckets.map(({ count }) => count));
  if (most === 0) return [];
  const isFull = ({ count }: Bucket) => count > 0;
  const [first, last] = [buckets.findIndex(isFull), buckets.findLastIndex(isFull)];
  return buckets
    .map((bucket, index) => ({ label: labelOf(bucket, buckets[index - 1]), count: bucket.count, share: bucket.count / most }))
    .slice(Math.max(0, first - 1), last + 2);
}
