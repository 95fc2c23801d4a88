import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { Job } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

import { jobKeys } from "./keys";

export type JobChange = "cancel" | "retry";

async function changeJob(id: string, change: JobChange): Promise<Job> {
  const init = { params: { path: { id }, header: { "Idempotency-Key": newRequestKey() } }, signal: withTimeout() };
  const call = change === "cancel" ? client.POST("/api/v1/jobs/{id}/cancel/", init) : client.POST("/api/v1/jobs/{id}/retry/", init);
  return (await unwrap(call)).job as Job;
}

/** Cancel a run, or start an ended one again; every list of jobs follows. */
export function useJobChange(change: JobChange) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => changeJob(id, change),
    onSuccess: (job) => {
      queries.setQueryData(jobKeys.detail(job.id), job);
      return queries.invalidateQueries({ queryKey: jobKeys.all });
    },
  });
}
