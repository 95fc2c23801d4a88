import { useMutation, useQueryClient } from "@tanstack/react-query";

import { ProblemError } from "@/api/problem";
import { request } from "@/api/request";

import { opportunityKeys } from "./keys";
import type { Figures, Reason } from "./shapes";

export interface ExecuteOrder {
  quantity: number;
  quote_version: string;
  max_total_cost?: string;
  min_margin_percentage?: string;
  note?: string;
  accept_disclaimer: true;
}

export interface ExecutedAnswer {
  execution: { id: string; quantity: number };
}

export interface RefusalDetails {
  shown?: Figures;
  fresh?: Figures | null;
  reasons?: Reason[];
}

/** What the server says with a refusal: the figures of now, and why. Null when the order was not refused. */
export function refusalOf(error: unknown): RefusalDetails | null {
  if (!(error instanceof ProblemError) || error.status !== 409) return null;
  return typeof error.details === "object" && error.details !== null ? (error.details as RefusalDetails) : {};
}

/** Act on an opportunity. `key` is the caller's, so that a repeated press is the same act. */
export function useExecute(id: string, key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: ExecuteOrder) => request<ExecutedAnswer>("post", `/api/v1/opportunities/${id}/execute/`, { key, body: order }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: opportunityKeys.all });
      void queries.invalidateQueries({ queryKey: ["executions"] });
    },
  });
}
