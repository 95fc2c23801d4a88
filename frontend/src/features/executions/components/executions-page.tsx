import { ArrowDownTrayIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";

import { buttonClass } from "@/components/ui/button";
import { LoadMore } from "@/components/ui/load-more";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState, ErrorState, Skeleton, StaleBanner } from "@/components/ui/states";
import { PHONE, useMedia } from "@/lib/media";
import { useStreamRefresh } from "@/lib/sse";

import { executionKeys } from "../api/keys";
import { useExecutions } from "../api/list-executions";
import { toExecutionQueryText, type ExecutionSearch } from "../hooks/execution-search";
import { ExecutionFilters } from "./execution-filters";
import { ExecutionCards, ExecutionTable } from "./execution-rows";

interface ExecutionsPageProps {
  search: ExecutionSearch;
  onSearch: (next: ExecutionSearch) => void;
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <EmptyState title="No execution matches these filters" />;
  return (
    <EmptyState title="Nothing executed yet" action={<Link to="/opportunities" search={{ risk_level: ["low", "medium"], profit_min: "0.01" }} className={buttonClass("solid")}>What is executable now</Link>}>
      Open an opportunity and press Execute; on paper it costs nothing, and its outcome is booked here against what was expected.
    </EmptyState>
  );
}

function List({ search }: { search: ExecutionSearch }) {
  const query = useExecutions(search);
  const isPhone = useMedia(PHONE);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return (
      <div role="status" aria-label="Loading executions" className="space-y-2 p-4">
        {Array.from({ length: 8 }, (_, index) => <Skeleton key={index} className="h-10" />)}
      </div>
    );
  }
  const rows = query.data.pages.flatMap((page) => page.results);
  return (
    <>
      {query.isError && <div className="p-2"><StaleBanner since={query.dataUpdatedAt} onRetry={() => void query.refetch()} /></div>}
      <div aria-busy={query.isPlaceholderData} className={query.isPlaceholderData ? "opacity-60" : undefined}>
        {rows.length === 0 ? <Nothing isFiltered={Object.keys(search).length > 0} /> : isPhone ? <ExecutionCards rows={rows} /> : <ExecutionTable rows={rows} />}
      </div>
      {rows.length > 0 && <LoadMore shown={rows.length} what="executions" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />}
    </>
  );
}

/** What was bought, and what became of it. */
export function ExecutionsPage({ search, onSearch }: ExecutionsPageProps) {
  useStreamRefresh(["execution"], [executionKeys.all]);
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader
        title="Executions"
        actions={
          <a className={buttonClass()} href={`/api/v1/executions/export/?${toExecutionQueryText(search)}`} download title="Every row of this view">
            <ArrowDownTrayIcon aria-hidden className="size-4" />
            CSV
          </a>
        }
      />
      <ExecutionFilters search={search} onSearch={onSearch} />
      <div className="card overflow-hidden"><List search={search} /></div>
    </div>
  );
}
