import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Schemas } from "@/api/types";

import { settingsKeys } from "./keys";

export type SavedView = Schemas["SavedView"];

export type ViewChange = Partial<Pick<SavedView, "name" | "is_default" | "is_shared">>;

export function useSavedViews() {
  return useQuery({
    queryKey: settingsKeys.views(),
    queryFn: async ({ signal }) => (await request<{ results: SavedView[] }>("get", "/api/v1/saved-views/", { query: { page_size: 200 }, signal })).results,
  });
}

export function useViewChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: ViewChange & { id: string }) => request<SavedView>("patch", `/api/v1/saved-views/${id}/`, { body: change }),
    onSettled: () => queries.invalidateQueries({ queryKey: settingsKeys.everyView() }),
    meta: { failed: "The view is not changed" },
  });
}

export function useViewDelete() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<unknown>("delete", `/api/v1/saved-views/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: settingsKeys.everyView() }),
    meta: { done: "The view is deleted" },
  });
}
