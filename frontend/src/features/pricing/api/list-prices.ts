import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";

import { priceKeys } from "./keys";

/** The newest accepted price per source and variant; a product has far fewer than one page of them. */
export function pricesOptions(id: string) {
  return queryOptions({
    queryKey: priceKeys.current(id),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/v1/products/{product_id}/prices/", {
          params: { path: { product_id: id }, query: { page_size: 200 } },
          signal: withTimeout(signal),
        }),
      ),
    staleTime: 60_000,
  });
}

export function usePrices(id: string) {
  return useQuery(pricesOptions(id));
}
