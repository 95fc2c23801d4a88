import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";

import { productKeys } from "./keys";

export function productOptions(id: string) {
  return queryOptions({
    queryKey: productKeys.detail(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/v1/products/{id}/", { params: { path: { id } }, signal: withTimeout(signal) })),
    staleTime: 60_000,
  });
}

export function useProduct(id: string) {
  return useQuery(productOptions(id));
}
