import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { OpportunityPage, OpportunityQuery } from "@/api/types";

import { opportunityKeys } from "./keys";

export const POLL_MS = 30_000;

export function fetchOpportunities(query: OpportunityQuery, signal?: AbortSignal): Promise<OpportunityPage> {
  return unwrap(client.GET("/api/v1/opportunities/", { params: { query }, signal: withTimeout(signal) })) as Promise<OpportunityPage>;
}

export function opportunitiesOptions(query: OpportunityQuery) {
  return queryOptions({
    queryKey: opportunityKeys.list(query),
    queryFn: ({ signal }) => fetchOpportunities(query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
}

/** One page of the screener, polled. */
export function useOpportunities(query: OpportunityQuery) {
  return useQuery(opportunitiesOptions(query));
}
