import { queryOptions, useQuery } from "@tanstack/react-query";

import { needsLogin } from "@/api/problem";
import { request } from "@/api/request";
import type { Schemas } from "@/api/types";
import { pollEvery } from "@/lib/sse";

import { systemKeys } from "./keys";

export type TradingStatus = Schemas["TradingStatus"];

const POLL_MS = 15_000;

export function tradingStatusOptions() {
  return queryOptions({
    queryKey: systemKeys.trading(),
    queryFn: ({ signal }) => request<TradingStatus>("get", "/api/v1/trading/status/", { signal }),
    refetchInterval: ({ state }) => (needsLogin(state.error) ? false : pollEvery(POLL_MS)),
  });
}

/** Whether executions are possible now, and which kill switches say that they are not; asked once the session is known. */
export function useTradingStatus(isReady: boolean) {
  return useQuery({ ...tradingStatusOptions(), enabled: isReady });
}
