import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import { needsLogin } from "@/api/problem";

import { marketKeys } from "./keys";

const POLL_MS = 30_000;

export function coverageOptions() {
  return queryOptions({
    queryKey: marketKeys.coverage(),
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/coverage/", { signal: withTimeout(signal) })),
    refetchInterval: ({ state }) => (needsLogin(state.error) ? false : POLL_MS),
  });
}

/** How many of the tracked products have a fresh price. */
export function useCoverage() {
  return useQuery(coverageOptions());
}
