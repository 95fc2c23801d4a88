import { queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { Job } from "@/api/types";

import { isOpen } from "../hooks/job-state";
import { jobKeys } from "./keys";

const POLL_MS = 1_500;

export function jobOptions(id: string) {
  return queryOptions({
    queryKey: jobKeys.detail(id),
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/jobs/{id}/", { params: { path: { id } }, signal: withTimeout(signal) })) as Promise<Job>,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !isOpen(state.data.state) ? false : POLL_MS),
  });
}

/** One run, polled until it has ended. */
export function useJob(id: string | null) {
  return useQuery({ ...jobOptions(id ?? ""), enabled: id !== null });
}
