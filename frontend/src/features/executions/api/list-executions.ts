import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { cursorOf, request, type Keyset } from "@/api/request";
import { pollEvery } from "@/lib/sse";

import { toExecutionQuery, type ExecutionSearch } from "../hooks/execution-search";
import { executionKeys } from "./keys";
import type { Execution } from "./shapes";

const POLL_MS = 20_000;

export function executionsOptions(search: ExecutionSearch) {
  return infiniteQueryOptions({
    queryKey: executionKeys.list(search),
    queryFn: ({ pageParam, signal }) =>
      request<Keyset<Execution>>("get", "/api/v1/executions/", { query: { ...toExecutionQuery(search), cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorOf(last.next),
    placeholderData: keepPreviousData,
    refetchInterval: () => pollEvery(POLL_MS),
  });
}

/** Executions, newest first, page by page. */
export function useExecutions(search: ExecutionSearch) {
  return useInfiniteQuery(executionsOptions(search));
}
