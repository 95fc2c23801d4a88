import { queryOptions, useQuery } from "@tanstack/react-query";

import { request } from "@/api/request";
import { pollEvery } from "@/lib/sse";

import { executionKeys } from "./keys";
import type { TradingStatus } from "./shapes";

const POLL_MS = 30_000;

export function tradingStatusOptions() {
  return queryOptions({
    queryKey: executionKeys.status(),
    queryFn: ({ signal }) => request<TradingStatus>("get", "/api/v1/trading/status/", { signal }),
    refetchInterval: () => pollEvery(POLL_MS),
  });
}

/** Paper or live, and whether somebody stopped everything. */
export function useTradingStatus(enabled = true) {
  return useQuery({ ...tradingStatusOptions(), enabled });
}
