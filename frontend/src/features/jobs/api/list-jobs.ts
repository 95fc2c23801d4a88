import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import { needsLogin } from "@/api/problem";
import type { JobPage, JobQuery } from "@/api/types";
import { pollEvery } from "@/lib/sse";

import { isOpen } from "../hooks/job-state";
import { jobKeys } from "./keys";

const BUSY_MS = 3_000;
const CALM_MS = 15_000;

export function jobsOptions(query: JobQuery) {
  return queryOptions({
    queryKey: jobKeys.list(query),
    queryFn: ({ signal }) => unwrap(client.GET("/api/v1/jobs/", { params: { query }, signal: withTimeout(signal) })) as Promise<JobPage>,
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: ({ state }) => {
      if (needsLogin(state.error)) return false;
      return state.data?.results.some((job) => isOpen(job.state)) ? BUSY_MS : pollEvery(CALM_MS);
    },
  });
}

/** One page of the runs, polled; faster while something runs. */
export function useJobs(query: JobQuery) {
  return useQuery(jobsOptions(query));
}
