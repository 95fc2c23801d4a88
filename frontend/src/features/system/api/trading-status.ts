import { queryOptions, useQuery } from "@tanstack/react-query";

import { needsLogin } from "@/api/problem";
import { request } from "@/api/request";
import { pollEvery } from "@/lib/sse";

import { systemKeys } from "./keys";

const POLL_MS = 15_000;

export interface KillSwitch {
  id: string;
  scope: string;
  subject: string;
  reason: string;
  engaged_by: string | null;
  engaged_at: string;
}

export interface TradingStatus {
  mode: string;
  is_halted: boolean;
  switches: KillSwitch[];
  disclaimer: { version: string; text: string } | null;
}

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
