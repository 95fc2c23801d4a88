// The execution list's URL, and the API query it means.

import type { QueryValue } from "@/api/request";
import { oneOf, someOf, text, type RawSearch } from "@/lib/search-params";
import { DAY_MS } from "@/lib/time";
import { SOURCES } from "@/lib/vocabulary";

import { EXECUTION_STATES, type ExecutionState } from "../api/shapes";

const SOURCE_CODES = SOURCES.map((source) => source.value);

export interface ExecutionSearch {
  state?: ExecutionState[];
  /** A user name, or "me". */
  actor?: string;
  source?: (typeof SOURCE_CODES)[number];
  /** Days, "2026-11-21", both included. */
  from?: string;
  to?: string;
  product?: string;
  opportunity?: string;
}

function day(raw: RawSearch, key: string): string | undefined {
  const value = text(raw, key, 10);
  return value && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export function parseExecutionSearch(raw: RawSearch): ExecutionSearch {
  const found: ExecutionSearch = {
    state: someOf(raw, "state", EXECUTION_STATES),
    actor: text(raw, "actor", 150),
    source: oneOf(raw, "source", SOURCE_CODES),
    from: day(raw, "from"),
    to: day(raw, "to"),
    product: text(raw, "product", 40),
    opportunity: text(raw, "opportunity", 40),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Days become moments in UTC: from the first one's start to the last one's end. */
export function toExecutionQuery({ from, to, ...rest }: ExecutionSearch): Record<string, QueryValue> {
  return {
    ...rest,
    created_after: from && `${from}T00:00:00Z`,
    created_before: to && `${new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10)}T00:00:00Z`,
  };
}

/** The same as text, for a download. */
export function toExecutionQueryText(search: ExecutionSearch): string {
  const parts = Object.entries(toExecutionQuery(search)).flatMap(([key, value]) => (value === undefined ? [] : [[key, Array.isArray(value) ? value.join(",") : String(value)]]));
  return new URLSearchParams(parts).toString();
}
