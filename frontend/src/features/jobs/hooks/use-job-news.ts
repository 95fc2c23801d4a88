import { useQueryClient } from "@tanstack/react-query";

import type { Job, JobPage } from "@/api/types";
import { useStream, useStreamRefresh, type StreamEvent } from "@/lib/sse";

import { jobKeys } from "../api/keys";

/** The job with the figures of an event; the same object when the event says nothing new. */
export function withProgress(job: Job, event: StreamEvent): Job {
  const { id, progress_done: done, progress_total: total } = event;
  if (job.id !== id || typeof done !== "number" || typeof total !== "number") return job;
  if (job.progress_done === done && job.progress_total === total) return job;
  return { ...job, progress_done: done, progress_total: total };
}

/** Keep every shown run moving: progress from the event itself, a change of state by reading again. */
export function useJobNews(): void {
  const queries = useQueryClient();
  useStream(["job"], (event) => {
    if (event.id) queries.setQueryData<Job>(jobKeys.detail(event.id), (job) => job && withProgress(job, event));
    queries.setQueriesData<JobPage>({ queryKey: jobKeys.lists() }, (page) => page && { ...page, results: page.results.map((job) => withProgress(job, event)) });
  });
  const stateOf = (id: string | undefined) => {
    if (!id) return undefined;
    const pages = queries.getQueriesData<JobPage>({ queryKey: jobKeys.lists() });
    return queries.getQueryData<Job>(jobKeys.detail(id))?.state ?? pages.flatMap(([, page]) => page?.results ?? []).find((job) => job.id === id)?.state;
  };
  useStreamRefresh(["job"], [jobKeys.all], (event) => stateOf(event.id) !== event["state"]);
}
