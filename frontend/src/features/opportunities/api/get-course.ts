import { queryOptions, useQuery } from "@tanstack/react-query";

import { request } from "@/api/request";

import { opportunityKeys } from "./keys";
import type { FiguresHistory, Timeline } from "./shapes";

/** How the figures of an opportunity changed with each revision. */
export function figuresHistoryOptions(id: string) {
  return queryOptions({
    queryKey: opportunityKeys.history(id),
    queryFn: ({ signal }) => request<FiguresHistory>("get", `/api/v1/opportunities/${id}/history/`, { signal }),
  });
}

export function useFiguresHistory(id: string) {
  return useQuery(figuresHistoryOptions(id));
}

/** What happened to an opportunity and its executions, newest first. */
export function timelineOptions(id: string) {
  return queryOptions({
    queryKey: opportunityKeys.timeline(id),
    queryFn: ({ signal }) => request<Timeline>("get", `/api/v1/opportunities/${id}/timeline/`, { signal }),
  });
}

export function useTimeline(id: string) {
  return useQuery(timelineOptions(id));
}
