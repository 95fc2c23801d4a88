import { useMutation, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { OpportunityDetail } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

import { opportunityKeys, watchKeys } from "./keys";
import type { BulkAction, BulkAnswer } from "./shapes";

/** Named rows, or everything that a query matches. */
export type Targets = { ids: readonly string[] } | { all_matching: string };

/** The same thing done to many opportunities; each one may be skipped for its own reason. */
export function useBulkChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, targets, reason }: { action: BulkAction; targets: Targets; reason?: string }) =>
      request<BulkAnswer>("post", "/api/v1/opportunities/bulk/", {
        key: newRequestKey(),
        body: { action, ...targets, ...(reason ? { reason } : {}) },
      }),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: opportunityKeys.all }), queries.invalidateQueries({ queryKey: watchKeys.all })]),
  });
}

/** Close an opportunity that is none, with the reason. */
export function useDismiss(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) => request<unknown>("delete", `/api/v1/opportunities/${id}/`, { body: { reason } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: opportunityKeys.all }),
  });
}

interface Patch {
  execution_notes?: string;
  needs_review?: false;
}

/** Write a note, or say that the figures were reviewed. Refused when somebody else was faster (412). */
export function useAnnotate(id: string, revision: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (patch: Patch) =>
      request<OpportunityDetail>("patch", `/api/v1/opportunities/${id}/`, { match: `"${revision}"`, body: patch }),
    onSettled: () => queries.invalidateQueries({ queryKey: opportunityKeys.all }),
  });
}
