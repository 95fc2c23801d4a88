import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";

import { viewKeys } from "./keys";
import type { SavedView } from "./shapes";

export interface ViewDraft {
  name: string;
  query: string;
  is_default: boolean;
  is_shared: boolean;
}

export function savedViewsOptions() {
  return queryOptions({
    queryKey: viewKeys.screener(),
    queryFn: async ({ signal }) => {
      const answer = await request<{ results: SavedView[] }>("get", "/api/v1/saved-views/", { query: { page: "opportunities" }, signal });
      return answer.results;
    },
    staleTime: 5 * 60_000,
  });
}

/** One's own views of the screener and those that others share. */
export function useSavedViews(enabled: boolean) {
  return useQuery({ ...savedViewsOptions(), enabled });
}

/** Make a view, or change an own one. */
export function useStoreView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...draft }: ViewDraft & { id?: string }) =>
      id
        ? request<SavedView>("patch", `/api/v1/saved-views/${id}/`, { body: draft })
        : request<SavedView>("post", "/api/v1/saved-views/", { body: { page: "opportunities", ...draft } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: viewKeys.all }),
  });
}

export function useDeleteView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<unknown>("delete", `/api/v1/saved-views/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: viewKeys.all }),
  });
}
