import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { Opportunity, Page } from "@/api/types";

import type { ApiQuery } from "../hooks/screener-search";
import { opportunityKeys } from "./keys";

export const POLL_MS = 30_000;

export function fetchOpportunities(query: ApiQuery, signal?: AbortSignal): Promise<Page<Opportunity>> {
  return unwrap(client.GET("/api/v1/opportunities/", { params: { query }, signal: withTimeout(signal) }));
}

export function opportunitiesOptions(query: ApiQuery) {
  return queryOptions({
    queryKey: opportunityKeys.list(query),
    queryFn: ({ signal }) => fetchOpportunities(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
}

/** One page of the screener, polled. */
export function useOpportunities(query: ApiQuery) {
  return useQuery(opportunitiesOptions(query));
}
