import { QueueListIcon } from "@heroicons/react/24/outline";
import { Link } from "@tanstack/react-router";

import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { useJobs } from "@/features/jobs/api/list-jobs";
import { JobProgress } from "@/features/jobs/components/job-progress";

import { BellPanel } from "./bell-panel";

const SHOWN = 6;

/** What is running now, with its progress. */
export function JobsBell() {
  const query = useJobs({ is_open: true, page_size: SHOWN });
  const count = query.data?.count ?? 0;
  return (
    <BellPanel label={count > 0 ? `Jobs: ${count} running or waiting` : "Jobs"} title="Running jobs" Icon={QueueListIcon} count={count} tone="accent" className="max-sm:hidden">
      {(close) => (
        <>
          <QueryState
            query={query}
            skeleton={<div className="p-3"><Skeleton className="h-10" /></div>}
            empty={({ results }) => results.length === 0 && <EmptyState title="Nothing is running">Fetching prices and analyses start by themselves.</EmptyState>}
          >
            {({ results }) => (
              <ul className="divide-y">
                {results.map((job) => (
                  <li key={job.id} className="px-3.5 py-2.5">
                    <p className="mb-1.5 truncate font-medium">{job.label}</p>
                    <JobProgress job={job} />
                  </li>
                ))}
              </ul>
            )}
          </QueryState>
          <p className="border-t px-3.5 py-2 text-xs"><Link to="/jobs" onClick={close} className="font-medium text-accent underline">All jobs</Link></p>
        </>
      )}
    </BellPanel>
  );
}
