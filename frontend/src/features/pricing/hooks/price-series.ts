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
  source: string;
  /** With the source, e.g. "Cardmarket, trend". */
  name: string;
  /** Without it, for lists by source. */
  shortName: string;
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

function variantOf({ finish, condition }: PriceRecord): string[] {
  return [
    finish === "nonfoil" ? "" : humanise(finish).toLowerCase(),
    ["near_mint", "unopened", "any"].includes(condition) ? "" : humanise(condition).toLowerCase(),
  ].filter(Boolean);
}

/** The last price of each UTC day; `points` are in order. A day of many prices would be drawn as an upright stroke. */
function lastOfEachDay(points: readonly PricePoint[]): PricePoint[] {
  const day = (point: PricePoint | undefined) => point && Math.floor(point.at / DAY_MS);
  return points.filter((point, index) => day(point) !== day(points[index + 1]));
}

/** Places of a series in the list: what is drawn first comes first. A code of two parts is a price at second hand. */
function rankOf(series: PriceSeries, variants: ReadonlyMap<string, number>): number[] {
  const type = PREFERENCE.indexOf(series.priceType);
  return [series.source.includes("_") ? 1 : 0, variants.get(series.key) ?? 0, type < 0 ? PREFERENCE.length : type];
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** Group records into series, the most telling first: sources before who repeats them, the plain variant, the price type. */
export function toSeries(records: readonly PriceRecord[], { daily = false } = {}): PriceSeries[] {
  const variants = new Map<string, number>();
  const found = new Map<string, PriceSeries>();
  for (const record of records) {
    const key = [record.source, record.price_type, record.finish, record.condition, record.currency].join("/");
    const variant = variantOf(record);
    const type = priceTypeName(record.price_type);
    const series: PriceSeries = found.get(key) ?? {
      key,
      source: record.source,
      name: [sourceName(record.source), type.toLowerCase(), ...variant].join(", "),
      shortName: [type, ...variant].join(", "),
      currency: record.currency,
      priceType: record.price_type,
      points: [],
    };
    series.points.push({ at: Date.parse(record.recorded_at), price: record.price });
    found.set(key, series);
    variants.set(key, variant.length);
  }
  for (const series of found.values()) {
    series.points.sort((a, b) => a.at - b.at);
    if (daily) series.points = lastOfEachDay(series.points);
  }
  return [...found.values()].sort((a, b) => compare(rankOf(a, variants), rankOf(b, variants)) || a.key.localeCompare(b.key));
}

/** The first series of each source: its market price, as near as it has one. */
export function headlines(series: readonly PriceSeries[]): PriceSeries[] {
  return series.filter(({ source }, index) => series.findIndex((other) => other.source === source) === index);
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
