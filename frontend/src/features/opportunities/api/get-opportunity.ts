import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { OpportunityDetail } from "@/api/types";

import { opportunityKeys } from "./keys";

export function opportunityOptions(id: string) {
  return queryOptions({
    queryKey: opportunityKeys.detail(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/v1/opportunities/{id}/", { params: { path: { id } }, signal: withTimeout(signal) })) as Promise<OpportunityDetail>,
  });
}

export function useOpportunity(id: string) {
  return useQuery(opportunityOptions(id));
}
