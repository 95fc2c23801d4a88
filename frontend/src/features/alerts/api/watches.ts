import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Opportunity, Schemas } from "@/api/types";

import { alertKeys } from "./keys";

export type Watch = Omit<Schemas["Watch"], "product"> & { product: Opportunity["sealed_product"] };

interface WatchPage {
  next: string | null;
  count: number;
  results: Watch[];
}

const PAGE = 200;

/** All of the watchlist: it holds at most a thousand products, so a few pages. */
async function readWatches(signal: AbortSignal): Promise<Watch[]> {
  const watches: Watch[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await request<WatchPage>("get", "/api/v1/watches/", { query: { page, page_size: PAGE }, signal });
    watches.push(...answer.results);
    if (!answer.next) return watches;
  }
}

export function useWatchlist() {
  return useQuery({ queryKey: alertKeys.watchlist(), queryFn: ({ signal }) => readWatches(signal), refetchInterval: 60_000 });
}

/** When the oldest price behind each watched opportunity was recorded, by opportunity. */
export function usePriceAges() {
  return useQuery({
    queryKey: [...alertKeys.watchlist(), "ages"],
    queryFn: async ({ signal }) => {
      const page = await request<{ results: Opportunity[] }>("get", "/api/v1/opportunities/", { query: { watched: true, page_size: PAGE }, signal });
      return new Map(page.results.map((row) => [row.id, row.oldest_price_at]));
    },
    refetchInterval: 60_000,
  });
}

export function useChangeNote() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, note }: { id: string; note: string }) => request<Watch>("patch", `/api/v1/watches/${id}/`, { body: { note } }),
    onSettled: () => queries.invalidateQueries({ queryKey: alertKeys.watches() }),
    meta: { failed: "The note is not saved" },
  });
}

export function useUnwatch() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request("delete", `/api/v1/watches/${id}/`),
    onMutate: (id) => queries.setQueryData<Watch[]>(alertKeys.watchlist(), (rows) => rows?.filter((row) => row.id !== id)),
    onSettled: () => queries.invalidateQueries({ queryKey: alertKeys.watches() }),
    meta: { failed: "The product is still watched" },
  });
}
