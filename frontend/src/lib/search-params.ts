// Readers of untrusted URL text, used by each page's search schema. A value that does not fit is dropped.

import { isDecimal } from "./decimal";

export type RawSearch = Record<string, unknown>;

export function text(raw: RawSearch, key: string, maxLength = 200): string | undefined {
  const value = raw[key];
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return String(value).slice(0, maxLength).trim() || undefined;
}

export function decimal(raw: RawSearch, key: string): string | undefined {
  const value = text(raw, key, 20);
  return value !== undefined && isDecimal(value) ? value : undefined;
}

export function oneOf<T extends string>(raw: RawSearch, key: string, allowed: readonly T[]): T | undefined {
  return allowed.find((option) => option === raw[key]);
}

/** A comma list, in the order of `allowed`, without repeats. */
export function someOf<T extends string>(raw: RawSearch, key: string, allowed: readonly T[]): T[] | undefined {
  const value = raw[key];
  const given = new Set(Array.isArray(value) ? value : text(raw, key)?.split(","));
  const kept = allowed.filter((option) => given.has(option));
  return kept.length > 0 ? kept : undefined;
}

export function wholeNumber(raw: RawSearch, key: string, min: number, max: number): number | undefined {
  const value = Number(text(raw, key, 10));
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

/** What a route validates with: the parser's result alone, as the router would otherwise keep what it dropped. */
export function only<T extends object>(parse: (raw: RawSearch) => T): (raw: RawSearch) => T {
  return (raw) => ({ ...Object.fromEntries(Object.keys(raw).map((key) => [key, undefined])), ...parse(raw) });
}

/** Search text of a URL as flat strings: no JSON quoting, so links stay readable. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The inverse of `parseSearch`; lists become comma lists, empty values go. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parts = Object.entries(search)
    .map(([key, value]) => [key, Array.isArray(value) ? value.join(",") : value] as const)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value)).replaceAll("%2C", ",")}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}
