import { ArrowPathIcon } from "@heroicons/react/20/solid";
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { useEffect, useEffectEvent, useState } from "react";

import { ProblemError } from "@/api/problem";
import type { Job } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ProgressBar } from "@/components/ui/progress-bar";
import { showToast } from "@/lib/toasts";

import { useJob } from "../api/get-job";
import { useRunningJob } from "../api/get-running-job";
import { jobKeys } from "../api/keys";
import { describeProgress, describeWaiting, isOpen, stateName, verdictOf } from "../hooks/job-state";

export interface LaunchButtonProps {
  /** What the button says, e.g. "Sync now". */
  label: string;
  /** What it is about, for screen readers and messages, e.g. "TCGplayer". */
  about: string;
  start: () => Promise<Job>;
  /** What to read again once the run has ended. */
  changes: readonly QueryKey[];
  look?: "solid" | "outline";
}

/** How far the run is, or what it waits for; leads to all runs. */
function Progress({ job, about }: { job: Job; about: string }) {
  const isWaiting = job.state === "queued";
  const ahead = useRunningJob(isWaiting);
  return (
    <Link to="/jobs" className="block w-full min-w-24 text-left text-2xs font-normal text-muted hover:text-accent" aria-label={`Progress of ${about}`}>
      {!isWaiting && <ProgressBar label={`Progress: ${about}`} done={job.progress_done} total={job.progress_total} />}
      <span className={clsx("num mt-0.5 block", isWaiting ? "max-w-48" : "truncate")}>
        {isWaiting ? describeWaiting(ahead) : describeProgress(job) || job.note || "starting"}
      </span>
    </Link>
  );
}

/** A button that starts a run, shows how far it is, and tells how it ended. */
export function LaunchButton({ label, about, start, changes, look = "outline" }: LaunchButtonProps) {
  const queries = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const { data: job } = useJob(jobId);
  const launch = useMutation({
    mutationFn: start,
    onSuccess: (started) => {
      queries.setQueryData(jobKeys.detail(started.id), started);
      setJobId(started.id);
      return queries.invalidateQueries({ queryKey: jobKeys.lists() });
    },
    onError: (error) => showToast({ tone: "loss", title: `${about}: could not start`, detail: error instanceof ProblemError ? error.detail || error.title : error.message }),
  });

  const hasEnded = job !== undefined && !isOpen(job.state);
  const settle = useEffectEvent(() => {
    if (!job) return;
    showToast(verdictOf(job));
    for (const queryKey of [...changes, jobKeys.lists()]) void queries.invalidateQueries({ queryKey });
  });
  useEffect(() => {
    if (jobId && hasEnded) settle();
  }, [jobId, hasEnded]);

  const running = jobId && !hasEnded ? job : undefined;
  const isBusy = launch.isPending || running !== undefined;
  return (
    <div className="flex flex-col items-stretch gap-1">
      <Button look={look} disabled={isBusy} onClick={() => launch.mutate()} aria-label={`${label}: ${about}`}>
        <ArrowPathIcon aria-hidden className={clsx("size-4", isBusy && "animate-spin")} />
        {running ? stateName(running.state) : label}
      </Button>
      {running && <Progress job={running} about={about} />}
    </div>
  );
}
