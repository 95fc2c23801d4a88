import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Schemas } from "@/api/types";

import { settingsKeys } from "./keys";

export type Login = Schemas["TokenLogin"];

export function useLogins() {
  return useQuery({
    queryKey: settingsKeys.logins(),
    queryFn: async ({ signal }) => (await request<{ results: Login[] }>("get", "/api/v1/auth/logins/", { query: { page_size: 200 }, signal })).results,
  });
}

export function useEndLogin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<unknown>("delete", `/api/v1/auth/logins/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: settingsKeys.logins() }),
    meta: { done: "The log-in is ended" },
  });
}

export function usePasswordChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => request<unknown>("post", "/api/v1/auth/password/", { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: settingsKeys.logins() }),
    gcTime: 0,
    meta: { done: "The password is changed" },
  });
}
