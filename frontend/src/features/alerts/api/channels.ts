import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { cursorOf, request, type Keyset } from "@/api/request";
import type { Schemas } from "@/api/types";

import { alertKeys } from "./keys";

/** `url_hint` is service and host; the address itself is never shown again. */
export type Channel = Schemas["AlertChannel"];
export type Delivery = Schemas["AlertDelivery"];

export interface DeliveryQuery {
  state?: Delivery["state"];
  channel?: string;
}

export function useChannels() {
  return useQuery({
    queryKey: alertKeys.channels(),
    queryFn: async ({ signal }) => (await request<{ results: Channel[] }>("get", "/api/v1/alert-channels/", { query: { page_size: 200 }, signal })).results,
  });
}

function useChannelMutation<Variables, Result>(call: (variables: Variables) => Promise<Result>, meta?: { done?: string; failed?: string }) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: call, onSettled: () => queries.invalidateQueries({ queryKey: alertKeys.channels() }), meta });
}

export function useCreateChannel() {
  return useChannelMutation((body: { name: string; url: string }) => request<Channel>("post", "/api/v1/alert-channels/", { body }), { done: "The channel is added" });
}

export function useMuteChannel() {
  return useChannelMutation(
    ({ id, is_muted }: { id: string; is_muted: boolean }) => request<Channel>("patch", `/api/v1/alert-channels/${id}/`, { body: { is_muted } }),
    { failed: "The channel is not changed" },
  );
}

export function useTestChannel() {
  return useChannelMutation((id: string) => request<{ delivered: boolean; error: string }>("post", `/api/v1/alert-channels/${id}/test/`));
}

export function useDeleteChannel() {
  return useChannelMutation((id: string) => request("delete", `/api/v1/alert-channels/${id}/`), { done: "The channel is deleted" });
}

export function useDeliveries(query: DeliveryQuery) {
  return useInfiniteQuery({
    queryKey: alertKeys.deliveries(query),
    queryFn: ({ pageParam, signal }) => request<Keyset<Delivery>>("get", "/api/v1/alert-deliveries/", { query: { ...query, cursor: pageParam, page_size: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => cursorOf(next),
    refetchInterval: 30_000,
  });
}
