import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { ProductQuery } from "@/api/types";

import { productKeys } from "./keys";

export function productsOptions(query: ProductQuery) {
  return queryOptions({
    queryKey: productKeys.list(query),
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/products/", { params: { query }, signal: withTimeout(signal) })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useProducts(query: ProductQuery) {
  return useQuery(productsOptions(query));
}
