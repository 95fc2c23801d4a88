import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";

import { productKeys } from "./keys";

export function contentsOptions(id: string) {
  return queryOptions({
    queryKey: productKeys.contents(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/v1/products/{id}/contents/", { params: { path: { id } }, signal: withTimeout(signal) })),
    staleTime: 5 * 60_000,
  });
}

/** What a sealed product holds, one level deep. */
export function useContents(id: string) {
  return useQuery(contentsOptions(id));
}
