import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { request } from "@/api/request";

import { opportunityKeys } from "./keys";
import type { Sparkline } from "./shapes";

/** How many products one call takes. */
export const MOST_SPARKLINES = 100;

async function fetchSparklines(ids: readonly string[], days: number, signal: AbortSignal): Promise<Sparkline[]> {
  const parts = Array.from({ length: Math.ceil(ids.length / MOST_SPARKLINES) }, (_, index) =>
    ids.slice(index * MOST_SPARKLINES, (index + 1) * MOST_SPARKLINES),
  );
  const answers = await Promise.all(
    parts.map((part) => request<{ results: Sparkline[] }>("get", "/api/v1/products/sparklines/", { query: { ids: part, days }, signal })),
  );
  return answers.flatMap((answer) => answer.results);
}

/** The course of many products' prices at once, for drawings in rows. */
export function sparklinesOptions(ids: readonly string[], days: number) {
  const wanted = [...new Set(ids)].sort();
  return queryOptions({
    queryKey: opportunityKeys.sparklines(wanted, days),
    queryFn: ({ signal }) => fetchSparklines(wanted, days, signal),
    placeholderData: keepPreviousData,
    staleTime: 10 * 60_000,
    enabled: wanted.length > 0,
  });
}

export function useSparklines(ids: readonly string[], days = 30) {
  return useQuery(sparklinesOptions(ids, days));
}
