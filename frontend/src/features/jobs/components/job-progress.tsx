import type { Job, JobState } from "@/api/types";
import { ProgressBar } from "@/components/ui/progress-bar";
import { formatSpan } from "@/lib/time";

import { useRunningJob } from "../api/get-running-job";
import { describeProgress, describeWaiting, isOpen } from "../hooks/job-state";

const TONES: Partial<Record<JobState, "loss" | "warn" | "gain">> = { failed: "loss", partly: "warn", succeeded: "gain" };

function wordsOf(job: Job, running: Job | undefined): string {
  if (job.state === "queued") return [describeWaiting(running), job.note].filter(Boolean).join(" · ");
  const parts = [describeProgress(job)];
  if (isOpen(job.state)) parts.push(job.eta_seconds === null ? "" : `about ${formatSpan(job.eta_seconds)} left`, job.note);
  return parts.filter(Boolean).join(" · ");
}

/** How far a run is: bar, figures, and the time it still needs. */
export function JobProgress({ job }: { job: Job }) {
  const { state, label, progress_done: done, progress_total: total } = job;
  const hasBar = state !== "queued" && (isOpen(state) || total > 0);
  const words = wordsOf(job, useRunningJob(state === "queued"));
  return (
    <div className="min-w-0">
      {hasBar && <ProgressBar label={`Progress: ${label}`} done={done} total={total} tone={TONES[state]} />}
      {words && <p className="num mt-1 truncate text-2xs text-muted" title={words}>{words}</p>}
    </div>
  );
}
