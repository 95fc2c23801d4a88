import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import { newRequestKey } from "@/lib/request-key";
import type { Schemas } from "@/api/types";

import { settingsKeys } from "./keys";

export type ApiKey = Schemas["ApiKey"];

export const SCOPES = ["read", "trade", "ops"] as const;
export type Scope = (typeof SCOPES)[number];

/** `key` is the secret itself; the server cannot show it again. */
export type NewApiKey = ApiKey & { key: string };

export interface ApiKeyOrder {
  name: string;
  scopes: Scope[];
  expires_in_days: number | null;
}

export function useApiKeys() {
  return useQuery({
    queryKey: settingsKeys.apiKeys(),
    queryFn: async ({ signal }) => (await request<{ results: ApiKey[] }>("get", "/api/v1/api-keys/", { query: { page_size: 200 }, signal })).results,
  });
}

export function useCreateApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: ApiKeyOrder) => request<NewApiKey>("post", "/api/v1/api-keys/", { body: order, key: newRequestKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: settingsKeys.apiKeys() }),
    gcTime: 0, // the secret must not stay in memory after the dialog
  });
}

export function useRevokeApiKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<unknown>("delete", `/api/v1/api-keys/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: settingsKeys.apiKeys() }),
    meta: { done: "The key is revoked" },
  });
}
