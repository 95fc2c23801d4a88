import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Schemas } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

import { systemKeys } from "./keys";

export type KillSwitch = Schemas["KillSwitch"];
export type Limit = Schemas["Limit"];

export interface Halt {
  scope: KillSwitch["scope"];
  /** User name or source code; left out for everything. */
  subject?: string;
  reason: string;
}

export function useLimits() {
  return useQuery({
    queryKey: systemKeys.limits(),
    queryFn: async ({ signal }) => (await request<{ results: Limit[] }>("get", "/api/v1/trading/limits/", { query: { page_size: 200 }, signal })).results,
  });
}

function useSafetyMutation<Variables>(call: (variables: Variables) => Promise<unknown>, meta?: { done?: string; failed?: string }) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: call, onSettled: () => queries.invalidateQueries({ queryKey: systemKeys.safety() }), meta });
}

export function useHalt() {
  return useSafetyMutation((halt: Halt) => request<KillSwitch>("post", "/api/v1/trading/kill-switches/", { body: halt, key: newRequestKey() }));
}

/** The first person asks for the release, a second one makes it happen. */
export function useRelease() {
  return useSafetyMutation((id: string) => request<KillSwitch>("post", `/api/v1/trading/kill-switches/${id}/release/`, { key: newRequestKey() }), { failed: "Not released" });
}

export function useLimitChange() {
  return useSafetyMutation(({ id, amount }: { id: string; amount: string }) => request<Limit>("patch", `/api/v1/trading/limits/${id}/`, { body: { amount } }), { done: "The limit is changed", failed: "The limit is not changed" });
}
