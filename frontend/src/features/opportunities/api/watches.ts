import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";

import { watchKeys } from "./keys";
import type { Watch } from "./shapes";

const MOST = 200;

/** Which products the user watches: the watch's id by the product's. */
export function watchesOptions() {
  return queryOptions({
    queryKey: watchKeys.mine(),
    queryFn: async ({ signal }) => {
      const answer = await request<{ results: Watch[] }>("get", "/api/v1/watches/", { query: { page_size: MOST }, signal });
      return Object.fromEntries(answer.results.map((watch) => [watch.product.id, watch.id]));
    },
    staleTime: 60_000,
  });
}

export function useWatches(enabled: boolean) {
  return useQuery({ ...watchesOptions(), enabled });
}

interface Change {
  product: string;
  /** The watch to end; without it a new one begins. */
  watch?: string;
}

/** Begin or end watching a product; shown at once, taken back if the server refuses. */
export function useToggleWatch() {
  const queries = useQueryClient();
  const key = watchKeys.mine();
  return useMutation({
    mutationFn: ({ product, watch }: Change): Promise<unknown> =>
      watch ? request<unknown>("delete", `/api/v1/watches/${watch}/`) : request<Watch>("post", "/api/v1/watches/", { body: { product } }),
    onMutate: async ({ product, watch }) => {
      await queries.cancelQueries({ queryKey: key });
      const before = queries.getQueryData<Record<string, string>>(key);
      if (before) {
        const rest = Object.fromEntries(Object.entries(before).filter(([id]) => id !== product));
        queries.setQueryData(key, watch ? rest : { ...rest, [product]: "pending" });
      }
      return before;
    },
    onError: (_error, _change, before) => queries.setQueryData(key, before),
    onSettled: () => queries.invalidateQueries({ queryKey: watchKeys.all }),
  });
}
