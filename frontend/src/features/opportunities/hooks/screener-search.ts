// The screener's URL: which filters, order, page, columns and inspected row a link carries, and the API query it means.

import type { Category, OpportunityQuery, RiskLevel } from "@/api/types";
import { decimal, oneOf, parseSearch, someOf, stringifySearch, text, wholeNumber, type RawSearch } from "@/lib/search-params";
import { HOUR_MS } from "@/lib/time";
import { CATEGORIES } from "@/lib/vocabulary";

export const RISK_LEVELS = ["low", "medium", "high"] as const satisfies readonly RiskLevel[];
export const PAGE_SIZES = [25, 50, 100, 200] as const;
export const DEFAULT_PAGE_SIZE = 50;
export const DEFAULT_ORDERING = "-rank_score";
export const SORTABLE = [
  "rank_score",
  "margin_percentage",
  "net_profit",
  "confidence_score",
  "total_cost",
  "updated_at",
  "expires_at",
] as const;
export const FRESHNESS_LIMITS = ["1h", "6h", "24h"] as const;
export const COLUMN_KEYS = [
  "trend", "cost", "value", "naive", "margin", "profit", "chance", "confidence", "risk", "coverage", "age", "flags", "sellers",
  "source", "expires",
] as const;
export const DEFAULT_COLUMNS: readonly ColumnKey[] = [
  "trend", "cost", "naive", "margin", "profit", "chance", "confidence", "risk", "age",
];
const DECIMAL_KEYS = [
  "margin_min", "margin_max", "profit_min", "profit_max", "confidence_min", "confidence_max",
] as const;
const TEXT_KEYS = ["search", "sealed_kind", "source"] as const;
const CATEGORY_CODES = CATEGORIES.map((category) => category.value);

export type Sortable = (typeof SORTABLE)[number];
export type Ordering = Sortable | `-${Sortable}`;
export type ColumnKey = (typeof COLUMN_KEYS)[number];
export type DecimalKey = (typeof DECIMAL_KEYS)[number];
export type TextKey = (typeof TEXT_KEYS)[number];
export type FreshnessLimit = (typeof FRESHNESS_LIMITS)[number];

export interface ScreenerSearch extends Partial<Record<DecimalKey | TextKey, string>> {
  category?: Category;
  risk_level?: RiskLevel[];
  needs_review?: "true" | "any";
  /** How old the oldest price may be. */
  fresh?: FreshnessLimit;
  watched?: "true";
  ordering?: Ordering;
  page?: number;
  page_size?: number;
  columns?: ColumnKey[];
  density?: "compact";
  inspect?: string;
  /** This link means every opportunity, whatever view the reader usually begins with. */
  view?: "all";
}

const ORDERINGS = SORTABLE.flatMap((field): Ordering[] => [field, `-${field}`]);
/** What narrows the list; the rest is presentation. */
const FILTER_KEYS = [...TEXT_KEYS, ...DECIMAL_KEYS, "category", "risk_level", "needs_review", "fresh", "watched"] as const;
/** What does not change which rows there are, nor their order. */
const PRESENTATION_KEYS: readonly (keyof ScreenerSearch)[] = ["columns", "density", "inspect", "view"];
/** Moments in queries move in steps, so that a query stays the same query for a while. */
const STEP_MS = 5 * 60_000;
const HOURS: Record<FreshnessLimit, number> = { "1h": 1, "6h": 6, "24h": 24 };

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** Read the URL; what does not fit is dropped, and defaults are left out so that links stay short. */
export function parseScreenerSearch(raw: RawSearch): ScreenerSearch {
  const ordering = oneOf(raw, "ordering", ORDERINGS);
  const page = wholeNumber(raw, "page", 2, 100_000);
  const size = wholeNumber(raw, "page_size", 1, 200);
  const columns = someOf(raw, "columns", COLUMN_KEYS);
  const found: ScreenerSearch = {
    category: oneOf(raw, "category", CATEGORY_CODES),
    risk_level: someOf(raw, "risk_level", RISK_LEVELS),
    needs_review: oneOf(raw, "needs_review", ["true", "any"]),
    fresh: oneOf(raw, "fresh", FRESHNESS_LIMITS),
    watched: oneOf(raw, "watched", ["true"]),
    ordering: ordering === DEFAULT_ORDERING ? undefined : ordering,
    page,
    page_size: size !== DEFAULT_PAGE_SIZE && PAGE_SIZES.some((known) => known === size) ? size : undefined,
    columns: columns?.join() === DEFAULT_COLUMNS.join() ? undefined : columns,
    density: oneOf(raw, "density", ["compact"]),
    inspect: text(raw, "inspect", 40),
    view: oneOf(raw, "view", ["all"]),
  };
  for (const key of TEXT_KEYS) found[key] = text(raw, key);
  for (const key of DECIMAL_KEYS) found[key] = decimal(raw, key);
  return withoutUndefined(found);
}

/** The earliest moment of the oldest price: "Fresh < 1 h" at 12:07 asks for prices since 11:05. */
export function freshSince(limit: FreshnessLimit, now: number): string {
  const moment = Math.floor(now / STEP_MS) * STEP_MS - HOURS[limit] * HOUR_MS;
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** The API query of a view: filters, order and page, none of the presentation. `now` matters to freshness only. */
export function toApiQuery(search: ScreenerSearch, now: number): OpportunityQuery {
  const query: OpportunityQuery = {
    ordering: [search.ordering ?? DEFAULT_ORDERING],
    page: search.page ?? 1,
    page_size: search.page_size ?? DEFAULT_PAGE_SIZE,
    category: search.category && [search.category],
    risk_level: search.risk_level,
    needs_review: search.needs_review,
    oldest_price_after: search.fresh && freshSince(search.fresh, now),
    watched: search.watched && true,
  };
  for (const key of TEXT_KEYS) query[key] = search[key];
  for (const key of DECIMAL_KEYS) query[key] = search[key] === undefined ? undefined : Number(search[key]);
  return withoutUndefined(query);
}

/** The same query as text without its page: for a download, or for everything that matches. */
export function toQueryText(search: ScreenerSearch, now: number, { withOrder = true } = {}): string {
  const query = { ...toApiQuery(search, now), page: undefined, page_size: undefined, ...(withOrder ? {} : { ordering: undefined }) };
  return stringifySearch(query).slice(1);
}

/** Which rows a view has and in what order, as text: two views with the same text show the same. */
export function rowsKey(search: ScreenerSearch): string {
  return stringifySearch(Object.fromEntries(Object.entries(search).filter(([key]) => !PRESENTATION_KEYS.includes(key as keyof ScreenerSearch)).sort()));
}

/** What a saved view keeps: filters, order, page size, columns and density; the same view is the same text. */
export function savedQuery(search: ScreenerSearch): string {
  const kept = { ...search, page: undefined, inspect: undefined, view: undefined };
  return stringifySearch(Object.fromEntries(Object.entries(kept).sort())).slice(1);
}

/** The view of a saved query. */
export function fromSavedQuery(query: string): ScreenerSearch {
  return parseScreenerSearch(parseSearch(query));
}

/** Change filters or order: back to the first page, inspector closed. */
export function refine(search: ScreenerSearch, patch: ScreenerSearch): ScreenerSearch {
  return withoutUndefined({ ...search, page: undefined, inspect: undefined, view: undefined, ...patch });
}

/** The same view without any filter. */
export function clearFilters(search: ScreenerSearch): ScreenerSearch {
  const cleared = Object.fromEntries(FILTER_KEYS.map((key) => [key, undefined]));
  return refine(search, cleared);
}

/** How many filters narrow the view. */
export function countFilters(search: ScreenerSearch): number {
  return FILTER_KEYS.filter((key) => search[key] !== undefined).length;
}

/** The next order when a header is clicked: descending first, then ascending, then the default rank. */
export function nextOrdering(current: Ordering | undefined, field: Sortable): Ordering | undefined {
  if (current === `-${field}`) return field;
  if (current === field) return undefined;
  return `-${field}`;
}

export function sortDirection(current: Ordering | undefined, field: Sortable): "ascending" | "descending" | "none" {
  const active = current ?? DEFAULT_ORDERING;
  if (active === field) return "ascending";
  return active === `-${field}` ? "descending" : "none";
}
