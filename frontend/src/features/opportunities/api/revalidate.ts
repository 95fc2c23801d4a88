import { useMutation, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";

import { opportunityKeys } from "./keys";
import type { Revalidation } from "./shapes";

export function revalidate(id: string, signal?: AbortSignal): Promise<Revalidation> {
  return request("post", `/api/v1/opportunities/${id}/revalidate/`, { signal });
}

/** Compute the figures again from the prices of this moment. It changes nothing. */
export function useRevalidate(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => revalidate(id),
    onSuccess: (answer) => {
      if (answer.status !== "unchanged") void queries.invalidateQueries({ queryKey: opportunityKeys.detail(id) });
    },
  });
}
