import { ChevronRightIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";
import { useId, useState } from "react";

import type { Job } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { plural } from "@/lib/format";

import { describeCounts, isOpen } from "../hooks/job-state";
import { JobActions, type JobRights } from "./job-actions";
import { JobDetails } from "./job-details";
import { JobProgress } from "./job-progress";
import { JobStateBadge } from "./state-badge";

/** One run: a line that opens to counts, errors and times. */
export function JobRow({ job, rights }: { job: Job; rights: JobRights }) {
  const [isShown, setShown] = useState(false);
  const details = useId();
  return (
    <li className="border-b last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5 sm:px-4">
        <button
          type="button"
          aria-expanded={isShown}
          aria-controls={details}
          onClick={() => setShown(!isShown)}
          className="-my-1 flex min-h-11 min-w-0 flex-1 basis-64 items-center gap-2.5 max-sm:basis-full rounded-md text-left hover:text-accent"
        >
          <ChevronRightIcon aria-hidden className={clsx("size-4 shrink-0 text-muted transition-transform", isShown && "rotate-90")} />
          <span className="min-w-0">
            <span className="flex items-center gap-2">
              <span className="truncate text-[0.8125rem] font-medium">{job.label}</span>
              {job.is_demo && <Badge tone="accent" className="!py-0">demo</Badge>}
            </span>
            <span className="block truncate text-2xs text-muted">
              <Moment at={job.created_at} /> · {job.requested_by ?? "schedule"}
            </span>
          </span>
        </button>
        <div className="shrink-0 sm:w-36"><JobStateBadge state={job.state} /></div>
        <div className="min-w-0 basis-56 max-sm:order-last max-sm:basis-full lg:basis-72">
          <JobProgress job={job} />
          {!isOpen(job.state) && <p className="num truncate text-2xs text-muted" title={describeCounts(job.counts)}>{describeCounts(job.counts)}</p>}
        </div>
        <span className="num shrink-0 text-xs sm:w-20 sm:text-right">
          {job.error_count > 0 ? <span className="text-loss">{plural(job.error_count, "error")}</span> : <span className="text-muted">no errors</span>}
        </span>
        <div className="flex shrink-0 justify-end max-sm:ml-auto sm:w-24"><JobActions job={job} rights={rights} /></div>
      </div>
      <div id={details} hidden={!isShown} className="border-t border-line/60 bg-sunken/50 px-3.5 py-3 sm:pl-10.5">
        {isShown && <JobDetails job={job} />}
      </div>
    </li>
  );
}
