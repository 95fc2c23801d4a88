// The lists behind the control room. Each is read into its live table; the query itself keeps how that went.

import { queryOptions } from "@tanstack/react-query";

import { request } from "@/api/request";
import { isRaw, listOf, momentOf, textOf, type Raw } from "@/lib/raw";
import { pollEvery } from "@/lib/sse";

import { takeProcesses, takeSignals, takeSpreads, takeVenues } from "../hooks/desk";
import { deskKeys } from "./keys";

const SPREADS_MS = 5_000;
const SLOW_MS = 10_000;
const HEARTBEAT_MS = 5_000;
const SIGNALS = 100;

interface Page {
  results: readonly unknown[];
}

/** Always asked anew: a table that was left is empty. */
const FRESH = { staleTime: 0, gcTime: 0 } as const;

export function spreadsOptions() {
  return queryOptions({
    ...FRESH,
    queryKey: deskKeys.spreads(),
    queryFn: async ({ signal }) => {
      const askedAt = performance.now();
      const page = await request<Page>("get", "/api/v1/spreads/", { query: { state: "open", page_size: 200, ordering: "-net_bps" }, signal });
      takeSpreads(page.results, askedAt);
      return { count: page.results.length };
    },
    refetchInterval: () => pollEvery(SPREADS_MS),
  });
}

export function venuesOptions() {
  return queryOptions({
    ...FRESH,
    queryKey: deskKeys.markets(),
    queryFn: async ({ signal }) => {
      const askedAt = performance.now();
      const page = await request<Page>("get", "/api/v1/markets/", { query: { page_size: 200 }, signal });
      takeVenues(page.results, askedAt);
      return { count: page.results.length };
    },
    refetchInterval: () => pollEvery(SPREADS_MS),
  });
}

export function signalsOptions() {
  return queryOptions({
    ...FRESH,
    queryKey: deskKeys.signals(),
    queryFn: async ({ signal }) => {
      const page = await request<Page>("get", "/api/v1/signals/history/", { query: { limit: SIGNALS }, signal });
      takeSignals(page.results);
      return { count: page.results.length };
    },
    refetchInterval: () => pollEvery(SLOW_MS),
  });
}

export function healthOptions() {
  return queryOptions({
    ...FRESH,
    queryKey: deskKeys.health(),
    queryFn: async ({ signal }) => {
      const askedAt = performance.now();
      const health = await request<Raw>("get", "/api/v1/health/", { signal });
      const metrics = isRaw(health["metrics"]) ? health["metrics"] : {};
      const rows = listOf(health, "processes").map((row) => ({ ...row, facts: metrics[textOf(row, "name")] }));
      takeProcesses(rows, momentOf(health, "time") ?? Date.now(), askedAt);
      return { status: textOf(health, "status"), markets: isRaw(health["markets"]) ? health["markets"] : {} };
    },
    refetchInterval: HEARTBEAT_MS, // also while the stream is open: not every process tells its state there
  });
}
