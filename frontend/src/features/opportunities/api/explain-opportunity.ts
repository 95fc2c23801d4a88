import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";

import { opportunityKeys } from "./keys";

export function explanationOptions(id: string) {
  return queryOptions({
    queryKey: opportunityKeys.explanation(id),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/v1/opportunities/{id}/explain/", { params: { path: { id } }, signal: withTimeout(signal) }),
      ),
  });
}

export function useExplanation(id: string) {
  return useQuery(explanationOptions(id));
}
