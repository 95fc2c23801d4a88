import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import { needsLogin } from "@/api/problem";

import { opportunityKeys } from "./keys";

export function summaryOptions() {
  return queryOptions({
    queryKey: opportunityKeys.summary(),
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/v1/opportunities/stats/summary/", { signal: withTimeout(signal) })),
    refetchInterval: (query) => (needsLogin(query.state.error) ? false : 60_000),
  });
}

export function useSummary() {
  return useQuery(summaryOptions());
}
