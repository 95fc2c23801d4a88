// Calls by method and path with hand-given types: for answers that the generated client cannot describe.

import { client, unwrap, withTimeout } from "./client";

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

export interface RequestOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  /** Sent as Idempotency-Key. */
  key?: string;
  /** Sent as If-Match. */
  match?: string;
  signal?: AbortSignal;
}

type Method = "get" | "post" | "put" | "patch" | "delete";

/** What `openapi-fetch` takes once its types are set aside. */
type Untyped = (method: Method, path: string, init: unknown) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** One call of the API; the answer as `T`, or a thrown ProblemError. Empty query values are left out. */
export async function request<T>(method: Method, path: `/api/v1/${string}`, options: RequestOptions = {}): Promise<T> {
  const { query = {}, body, key, match, signal } = options;
  const headers = { ...(key && { "Idempotency-Key": key }), ...(match && { "If-Match": match }) };
  const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  const call = (client.request as unknown as Untyped)(method, path, { params: { query: filled }, body, headers, signal: withTimeout(signal) });
  return (await unwrap(call)) as T;
}

/** One page of a time series: there is no count, only whether there is more. */
export interface Keyset<Row> {
  next: string | null;
  previous: string | null;
  results: Row[];
}

/** The `cursor` of a page's `next` link. */
export function cursorOf(next: string | null): string | undefined {
  if (!next) return undefined;
  return new URL(next, window.location.origin).searchParams.get("cursor") ?? undefined;
}
