import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import { newRequestKey } from "@/lib/request-key";

import { settingsKeys } from "./keys";

export const SCOPES = ["read", "trade", "ops"] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

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
