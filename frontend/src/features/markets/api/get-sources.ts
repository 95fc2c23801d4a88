import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import { needsLogin } from "@/api/problem";

import { marketKeys } from "./keys";

const POLL_MS = 15_000;

/** All sources; there are far fewer than one page of them. */
export function sourcesOptions() {
  return queryOptions({
    queryKey: marketKeys.sources(),
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/v1/sources/", { params: { query: { page_size: 200 } }, signal: withTimeout(signal) })),
    refetchInterval: ({ state }) => (needsLogin(state.error) ? false : POLL_MS),
  });
}

export function useSources() {
  return useQuery(sourcesOptions());
}
