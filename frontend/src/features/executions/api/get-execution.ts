import { queryOptions, useQuery } from "@tanstack/react-query";

import { request } from "@/api/request";
import { pollEvery } from "@/lib/sse";

import { mayStillSell } from "../hooks/execution-state";
import { executionKeys } from "./keys";
import type { Comparison, ExecutionDetail, Sale } from "./shapes";

const POLL_MS = 10_000;

export function executionOptions(id: string) {
  return queryOptions({
    queryKey: executionKeys.detail(id),
    queryFn: ({ signal }) => request<ExecutionDetail>("get", `/api/v1/executions/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data && !mayStillSell(state.data.state) ? false : pollEvery(POLL_MS)),
  });
}

/** One execution with orders, fills, postings and openings; polled until it has ended. */
export function useExecution(id: string) {
  return useQuery(executionOptions(id));
}

export function comparisonOptions(id: string) {
  return queryOptions({
    queryKey: executionKeys.comparison(id),
    queryFn: ({ signal }) => request<Comparison>("get", `/api/v1/executions/${id}/comparison/`, { signal }),
  });
}

/** What the model expected against what was pulled and sold. */
export function useComparison(id: string) {
  return useQuery(comparisonOptions(id));
}

export function salesOptions(id: string) {
  return queryOptions({
    queryKey: executionKeys.sales(id),
    queryFn: async ({ signal }) => {
      const answer = await request<{ results: Sale[] }>("get", `/api/v1/executions/${id}/sales/`, { query: { page_size: 200 }, signal });
      return answer.results;
    },
  });
}

export function useSales(id: string) {
  return useQuery(salesOptions(id));
}
