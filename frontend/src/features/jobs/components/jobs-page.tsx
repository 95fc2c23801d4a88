import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { isPastTheEnd, Pagination, PastTheEnd } from "@/components/ui/pagination";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { plural } from "@/lib/format";

import { useJobs } from "../api/list-jobs";
import { DEFAULT_PAGE_SIZE, PAGE_SIZES, toJobQuery, type JobSearch } from "../hooks/job-search";
import type { JobRights } from "./job-actions";
import { JobRow } from "./job-row";

interface JobsPageProps {
  search: JobSearch;
  onSearch: (next: JobSearch) => void;
  rights: JobRights;
}

const VIEWS = [
  { value: "all", label: "All" },
  { value: "open", label: "Running" },
  { value: "failed", label: "With errors" },
] as const;

const NOTHING = {
  all: { title: "Nothing has run yet", text: "Fetching prices starts by itself; a refresh of a product or a source appears here at once." },
  open: { title: "Nothing is running", text: "Runs appear here while they wait or work." },
  failed: { title: "No run has failed", text: "Runs that failed, or ended with errors, would be listed here." },
} as const;

function Results({ search, onSearch, rights }: JobsPageProps) {
  const query = useJobs(toJobQuery(search));
  if (isPastTheEnd(query.error, search.page)) return <PastTheEnd onFirst={() => onSearch({ ...search, page: undefined })} />;
  const nothing = NOTHING[search.view ?? "all"];
  return (
    <QueryState
      query={query}
      skeleton={<div className="space-y-2 p-4">{Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-12" />)}</div>}
      empty={(data) =>
        data.count === 0 && (
          <EmptyState title={nothing.title} action={search.view && <Button onClick={() => onSearch({})}>Show all</Button>}>{nothing.text}</EmptyState>
        )
      }
    >
      {(data) => (
        <>
          <ul aria-label="Jobs" aria-busy={query.isPlaceholderData} className={query.isPlaceholderData ? "opacity-60" : undefined}>
            {data.results.map((job) => <JobRow key={job.id} job={job} rights={rights} />)}
          </ul>
          <Pagination
            page={search.page ?? 1}
            pageSize={search.page_size ?? DEFAULT_PAGE_SIZE}
            count={data.count}
            sizes={PAGE_SIZES}
            onPage={(page) => onSearch({ ...search, page: page > 1 ? page : undefined })}
            onPageSize={(size) => onSearch({ ...search, page: undefined, page_size: size === DEFAULT_PAGE_SIZE ? undefined : size })}
          />
        </>
      )}
    </QueryState>
  );
}

/** Every run of long work, newest first; its state is `search`, which the route keeps in the URL. */
export function JobsPage(props: JobsPageProps) {
  const { search, onSearch } = props;
  const count = useJobs(toJobQuery(search)).data?.count;
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader
        title="Jobs"
        note={count !== undefined && <span className="num">{plural(count, "run")}</span>}
        actions={
          <Segmented label="Which runs" value={search.view ?? "all"} options={VIEWS} onChange={(value) => onSearch(value === "all" ? {} : { view: value })} />
        }
      />
      <div className="card overflow-hidden"><Results {...props} /></div>
    </div>
  );
}
