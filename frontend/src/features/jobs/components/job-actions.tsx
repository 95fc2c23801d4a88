import { ArrowPathIcon, XMarkIcon } from "@heroicons/react/20/solid";

import { ProblemError } from "@/api/problem";
import type { Job } from "@/api/types";
import { Button } from "@/components/ui/button";
import { showToast } from "@/lib/toasts";

import { useJobChange, type JobChange } from "../api/change-job";
import { canCancel, canRetry } from "../hooks/job-state";

const WORDS = {
  cancel: { name: "Cancel", Icon: XMarkIcon, done: "will stop at its next step" },
  retry: { name: "Retry", Icon: ArrowPathIcon, done: "is queued again" },
} as const;

function ChangeButton({ job, change }: { job: Job; change: JobChange }) {
  const mutation = useJobChange(change);
  const { name, Icon, done } = WORDS[change];
  const start = () =>
    mutation.mutate(job.id, {
      onSuccess: () => showToast({ tone: "neutral", title: `${job.label} ${done}` }),
      onError: (error) => showToast({ tone: "loss", title: `Could not ${change} ${job.label}`, detail: error instanceof ProblemError ? error.detail || error.title : error.message }),
    });
  return (
    <Button aria-label={`${name}: ${job.label}`} disabled={mutation.isPending} onClick={start}>
      <Icon aria-hidden className="size-4" />
      {name}
    </Button>
  );
}

export interface JobRights {
  /** May cancel and retry any run. */
  isOperator: boolean;
  /** May cancel the runs this person asked for. */
  username: string | null;
}

/** What may be done with a run in its state, by this person. */
export function JobActions({ job, rights }: { job: Job; rights: JobRights }) {
  const isOwn = rights.username !== null && rights.username === job.requested_by;
  if (canCancel(job.state) && (rights.isOperator || isOwn)) return <ChangeButton job={job} change="cancel" />;
  if (canRetry(job.state) && rights.isOperator) return <ChangeButton job={job} change="retry" />;
  return null;
}
