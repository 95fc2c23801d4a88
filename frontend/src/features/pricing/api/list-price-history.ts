import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { PriceRecord } from "@/api/types";

import { priceKeys } from "./keys";

const PAGE_SIZE = 200;
const MAX_PAGES = 12;

export interface PriceHistory {
  /** Newest first. */
  records: PriceRecord[];
  /** Older prices exist that were not loaded. */
  isCut: boolean;
}

function cursorOf(next: string | null | undefined): string | undefined {
  return next ? (new URL(next, window.location.origin).searchParams.get("cursor") ?? undefined) : undefined;
}

async function fetchHistory(id: string, recordedAfter: string | undefined, signal: AbortSignal): Promise<PriceHistory> {
  const records: PriceRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await unwrap(
      client.GET("/api/v1/products/{product_id}/price-history/", {
        params: { path: { product_id: id }, query: { recorded_after: recordedAfter, page_size: PAGE_SIZE, cursor } },
        signal: withTimeout(signal),
      }),
    );
    records.push(...answer.results);
    cursor = cursorOf(answer.next);
    if (!cursor) return { records, isCut: false };
  }
  return { records, isCut: true };
}

/** Prices of the last `days` (all of them without), read page by page. */
export function priceHistoryOptions(id: string, days: number | undefined) {
  return queryOptions({
    queryKey: priceKeys.history(id, days),
    queryFn: ({ signal }) => {
      const after = days === undefined ? undefined : new Date(Date.now() - days * 86_400_000);
      return fetchHistory(id, after && `${after.toISOString().slice(0, 19)}Z`, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });
}

export function usePriceHistory(id: string, days: number | undefined) {
  return useQuery(priceHistoryOptions(id, days));
}
