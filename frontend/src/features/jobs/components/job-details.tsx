import type { Job } from "@/api/types";
import { buttonClass } from "@/components/ui/button";
import { formatCount, humanise, plural } from "@/lib/format";
import { formatSpan, formatUtc } from "@/lib/time";

import { resultOf } from "../hooks/job-state";

function Counts({ counts }: { counts: Job["counts"] }) {
  const rows = Object.entries(counts);
  if (rows.length === 0) return <p className="text-xs text-muted">Nothing was counted.</p>;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 sm:grid-cols-3 lg:grid-cols-5">
      {rows.map(([name, count]) => (
        <div key={name}>
          <dt className="text-2xs text-muted">{humanise(name)}</dt>
          <dd className="num text-[0.8125rem] font-medium">{formatCount(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Errors({ errors, total }: { errors: Job["errors"]; total: number }) {
  if (errors.length === 0) return null;
  const listed = errors.reduce((sum, error) => sum + error.count, 0);
  return (
    <div>
      <h2 className="mb-1 text-xs font-semibold">{plural(total, "error")}</h2>
      <ul className="divide-y rounded-lg border">
        {errors.map(({ code, detail, subject, count }) => (
          <li key={`${code} ${subject} ${detail}`} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2 text-xs">
            <code className="text-2xs font-semibold text-loss">{code}</code>
            <span className="min-w-0 flex-1 basis-60 break-words">{detail}</span>
            {subject && <code className="text-2xs break-all text-muted">{subject}</code>}
            <span className="num text-muted">{formatCount(count)}×</span>
          </li>
        ))}
      </ul>
      {listed < total && <p className="num mt-1 text-2xs text-muted">{plural(total - listed, "more error")} not listed.</p>}
    </div>
  );
}

function took({ started_at: started, finished_at: finished }: Job): string {
  if (!started || !finished) return "";
  return formatSpan((Date.parse(finished) - Date.parse(started)) / 1000);
}

/** What a run did: counts, times, errors. */
export function JobDetails({ job }: { job: Job }) {
  const result = resultOf(job);
  const facts: [string, string][] = [
    ["Task", job.kind],
    ["About", job.subject],
    ["Requested", formatUtc(job.created_at)],
    ["Started", job.started_at ? formatUtc(job.started_at) : ""],
    ["Last sign of life", job.heartbeat_at ? formatUtc(job.heartbeat_at) : ""],
    ["Ended", job.finished_at ? formatUtc(job.finished_at) : ""],
    ["Took", took(job)],
    ["Slices started", formatCount(job.attempts)],
  ];
  return (
    <div className="space-y-3">
      <Counts counts={job.counts} />
      {result && <a href={result.href} className={buttonClass()}>{result.label}</a>}
      <Errors errors={job.errors} total={job.error_count} />
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-2xs text-muted">
        {facts.filter(([, value]) => value !== "").map(([label, value]) => (
          <div key={label} className="flex min-w-0 gap-1.5">
            <dt>{label}</dt>
            <dd className="num break-all text-ink">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
