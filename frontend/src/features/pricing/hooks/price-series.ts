// Price records as drawable series: one per source, price type, finish and condition; a silence becomes a gap.

import type { PriceRecord } from "@/api/types";
import { approximate } from "@/lib/decimal";
import { humanise } from "@/lib/format";
import { DAY_MS } from "@/lib/time";
import { priceTypeName, sourceName } from "@/lib/vocabulary";

export interface PricePoint {
  at: number;
  price: string;
}

export interface PriceSeries {
  key: string;
  name: string;
  currency: string;
  priceType: string;
  /** Oldest first. */
  points: PricePoint[];
}

/** What uPlot draws: seconds, then one column per series. `null` is a gap, `undefined` no point at that time. */
export type Columns = [number[], ...(number | null | undefined)[][]];

const PREFERENCE = ["trend", "market", "retail", "low", "avg30", "mid", "avg7", "avg", "direct_low", "avg1", "buylist"];
const MIN_GAP_MS = 2.5 * DAY_MS;
const GAP_FACTOR = 4;

function nameOf(record: PriceRecord): string {
  const extra = [
    record.finish === "nonfoil" ? "" : humanise(record.finish),
    ["near_mint", "unopened", "any"].includes(record.condition) ? "" : humanise(record.condition),
  ].filter(Boolean);
  return [sourceName(record.source), priceTypeName(record.price_type).toLowerCase(), ...extra].join(" ");
}

/** Group records into series, the most telling price type first. */
export function toSeries(records: readonly PriceRecord[]): PriceSeries[] {
  const found = new Map<string, PriceSeries>();
  for (const record of records) {
    const key = [record.source, record.price_type, record.finish, record.condition, record.currency].join("/");
    const series: PriceSeries = found.get(key) ?? {
      key,
      name: nameOf(record),
      currency: record.currency,
      priceType: record.price_type,
      points: [],
    };
    series.points.push({ at: Date.parse(record.recorded_at), price: record.price });
    found.set(key, series);
  }
  const rank = (series: PriceSeries) => (PREFERENCE.indexOf(series.priceType) + PREFERENCE.length + 1) % (PREFERENCE.length + 1);
  for (const series of found.values()) series.points.sort((a, b) => a.at - b.at);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}

/** Moments at which a line must break: in the middle of a silence far longer than the series' usual step. */
export function gapsOf(points: readonly PricePoint[]): number[] {
  const pairs = points.slice(1).map((point, index) => ({ from: points[index]?.at ?? point.at, to: point.at }));
  const steps = pairs.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const usual = steps[Math.floor((steps.length - 1) / 2)] ?? 0;
  const limit = Math.max(MIN_GAP_MS, usual * GAP_FACTOR);
  return pairs.filter(({ from, to }) => to - from > limit).map(({ from, to }) => Math.round((from + to) / 2));
}

/** Join series on one time axis. */
export function toColumns(series: readonly PriceSeries[]): Columns {
  const cells = series.map(({ points }) => {
    const column = new Map<number, number | null>(points.map((point) => [point.at, approximate(point.price)]));
    for (const gap of gapsOf(points)) column.set(gap, null);
    return column;
  });
  const times = [...new Set(cells.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  return [times.map((time) => time / 1000), ...cells.map((column) => times.map((time) => column.get(time)))];
}
