import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { OpportunityPage, OpportunityQuery } from "@/api/types";
import { pollEvery } from "@/lib/sse";

import { opportunityKeys } from "./keys";

export const POLL_MS = 30_000;

export function opportunitiesOptions(query: OpportunityQuery) {
  return queryOptions({
    queryKey: opportunityKeys.list(query),
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/v1/opportunities/", { params: { query }, signal: withTimeout(signal) })) as Promise<OpportunityPage>,
    placeholderData: keepPreviousData,
    refetchInterval: () => pollEvery(POLL_MS),
  });
}

/** One page of the screener; polled, less often while news arrive by themselves. */
export function useOpportunities(query: OpportunityQuery) {
  return useQuery(opportunitiesOptions(query));
}
