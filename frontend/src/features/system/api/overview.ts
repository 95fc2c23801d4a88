import { useQuery } from "@tanstack/react-query";

import { needsLogin } from "@/api/problem";
import { request } from "@/api/request";

import { systemKeys } from "./keys";

const POLL_MS = 10_000;

export interface Component {
  name: string;
  status: "ok" | "warn" | "fail";
  detail: string;
  latency_ms: number;
}

export interface SystemOverview {
  version: string;
  mode: string;
  is_demo: boolean;
  /** Of the process that answered. */
  started_at: string;
  components: Component[];
  queues: { name: string; depth: number | null }[];
  outbox: { waiting: number; parked: number; oldest_seconds: number };
  beat: { last_tick_at: string | null };
  workers: { name: string; status: string }[];
  partitions: { name: string; bounds: string; rows: number; bytes: number }[];
  migrations: { applied: number; pending: number };
  sizes: { database_bytes: number; redis_bytes: number | null };
}

export function useSystem() {
  return useQuery({
    queryKey: systemKeys.overview(),
    queryFn: ({ signal }) => request<SystemOverview>("get", "/api/v1/system/", { signal }),
    refetchInterval: ({ state }) => (needsLogin(state.error) ? false : POLL_MS),
  });
}
