// What the states of a run mean, and what may be done in each.

import type { Job, JobState } from "@/api/types";
import type { ToastTone } from "@/lib/toasts";
import { formatCount, humanise, plural } from "@/lib/format";
import { formatSpan } from "@/lib/time";

export const JOB_STATES = ["queued", "running", "cancelling", "succeeded", "partly", "failed", "cancelled"] as const satisfies readonly JobState[];

const NAMES: Record<JobState, string> = {
  queued: "Queued",
  running: "Running",
  cancelling: "Being cancelled",
  succeeded: "Succeeded",
  partly: "Done with errors",
  failed: "Failed",
  cancelled: "Cancelled",
};

const OPEN: ReadonlySet<JobState> = new Set(["queued", "running", "cancelling"]);
const RETRYABLE: ReadonlySet<JobState> = new Set(["partly", "failed", "cancelled"]);

export function stateName(state: JobState): string {
  return NAMES[state];
}

export function isOpen(state: JobState): boolean {
  return OPEN.has(state);
}

export function canRetry(state: JobState): boolean {
  return RETRYABLE.has(state);
}

export function canCancel(state: JobState): boolean {
  return isOpen(state) && state !== "cancelling";
}

/** "12,040 prices stored, 3 unmatched"; empty when nothing was counted. */
export function describeCounts(counts: Job["counts"]): string {
  return Object.entries(counts)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${formatCount(count)} ${humanise(name).toLowerCase()}`)
    .join(", ");
}

/** How far a run is, in words: "3 of 20", "40 done", or nothing yet. */
export function describeProgress({ progress_done: done, progress_total: total }: Pick<Job, "progress_done" | "progress_total">): string {
  if (total > 0) return `${formatCount(Math.min(done, total))} of ${formatCount(total)}`;
  return done > 0 ? `${formatCount(done)} done` : "";
}

/** What a queued run waits for: the run that is going on, with the time it still needs where the server can tell. */
export function describeWaiting(running: Pick<Job, "label" | "eta_seconds"> | undefined): string {
  if (!running) return "waiting for a worker";
  const left = running.eta_seconds === null ? "" : `, about ${formatSpan(running.eta_seconds)} left`;
  return `waiting: another run is going on (${running.label}${left})`;
}

/** What to tell the person who started a run that has ended. */
export function verdictOf(job: Job): { tone: ToastTone; title: string; detail: string } {
  const errors = job.error_count > 0 ? plural(job.error_count, "error") : "";
  const detail = [describeCounts(job.counts), errors, job.errors[0]?.detail].filter(Boolean).join(" · ");
  const tones: Partial<Record<JobState, ToastTone>> = { succeeded: "gain", partly: "warn", failed: "loss" };
  return { tone: tones[job.state] ?? "neutral", title: `${job.label}: ${stateName(job.state).toLowerCase()}`, detail };
}

const ID = "[0-9a-f]{8}-[0-9a-f-]{27}";
const RESULTS: readonly [subject: RegExp, path: (id: string) => string, label: string][] = [
  [new RegExp(`^backtest:(${ID})$`), (id) => `/app/reports?report=backtests&backtest=${id}`, "Open the back-test"],
  [new RegExp(`^product:(${ID})`), (id) => `/app/products/${id}`, "Open the product"],
  [/^source:(.+)$/, () => "/app/markets", "Open the markets"],
  [/^analysis:(.+)$/, () => "/app/opportunities?ordering=-updated_at", "Open the opportunities"],
];

/** Where what a run made can be seen; null when it has no page. */
export function resultOf({ subject }: Pick<Job, "subject">): { href: string; label: string } | null {
  for (const [pattern, path, label] of RESULTS) {
    const id = pattern.exec(subject)?.[1];
    if (id) return { href: path(id), label };
  }
  return null;
}
