import { ArrowDownTrayIcon, ShieldCheckIcon, ShieldExclamationIcon } from "@heroicons/react/20/solid";

import { Badge } from "@/components/ui/badge";
import { Button, buttonClass } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { Moment } from "@/components/ui/freshness";
import { LoadMore } from "@/components/ui/load-more";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { Term } from "@/components/ui/term";
import { TextField } from "@/components/ui/text-field";
import { formatCount, plural } from "@/lib/format";

import { exportAddress, useAuditEvents, useAuditStatus } from "../api/events";
import type { AuditSearch } from "../hooks/audit-search";
import { EventRow } from "./event-row";

/** Whether the chains held when they were last verified. */
function ChainStatus() {
  const { data } = useAuditStatus();
  if (!data) return <Skeleton className="h-6 w-56" />;
  if (data.is_intact === null) return <Badge>Chains not verified yet</Badge>;
  const Icon = data.is_intact ? ShieldCheckIcon : ShieldExclamationIcon;
  return (
    <span className="flex flex-wrap items-center gap-2 text-xs text-muted">
      <Badge tone={data.is_intact ? "gain" : "loss"} className="!text-xs" title={`Head of all chains: ${data.head}`}>
        <Icon aria-hidden className="size-4" />
        {data.is_intact ? "Chains verified" : plural(data.breaks, "break") + " found"}
      </Badge>
      <span><span className="num">{formatCount(data.events)}</span> events in <span className="num">{formatCount(data.streams)}</span> <Term id="audit_chain">chains</Term>, checked <Moment at={data.checked_at} /></span>
    </span>
  );
}

interface AuditPageProps {
  search: AuditSearch;
  onSearch: (next: AuditSearch) => void;
  mayExport: boolean;
}

function Filters({ search, onSearch }: Pick<AuditPageProps, "search" | "onSearch">) {
  const set = (patch: AuditSearch) => onSearch({ ...search, ...patch });
  return (
    <div className="grid grid-cols-2 gap-3 border-b p-3 sm:p-4 md:grid-cols-5">
      <TextField label="What (how the verb begins)" placeholder="opportunity." value={search.verb} onCommit={(verb) => set({ verb })} />
      <TextField label="Subject (type: or type:id)" placeholder="execution:" value={search.subject} onCommit={(subject) => set({ subject })} />
      <TextField label="Who" placeholder="user name or system" value={search.actor} onCommit={(actor) => set({ actor })} />
      <InputField label="From (UTC day)" type="date" value={search.from ?? ""} onChange={(from) => set({ from: from || undefined })} />
      <InputField label="To (UTC day)" type="date" value={search.to ?? ""} onChange={(to) => set({ to: to || undefined })} />
    </div>
  );
}

/** Every state change, newest first; the filters are the address. */
export function AuditPage({ search, onSearch, mayExport }: AuditPageProps) {
  const query = useAuditEvents(search);
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  const isFiltered = Object.keys(search).length > 0;
  return (
    <div className="mx-auto max-w-6xl space-y-3">
      <PageHeader
        title="Audit"
        note={<ChainStatus />}
        actions={mayExport && <a href={exportAddress(search)} download className={buttonClass()}><ArrowDownTrayIcon aria-hidden className="size-4" />Export</a>}
      />
      <div className="card overflow-hidden">
        <Filters search={search} onSearch={onSearch} />
        {query.isPending ? (
          <div role="status" aria-label="Loading" className="space-y-2 p-4">{Array.from({ length: 8 }, (_, index) => <Skeleton key={index} className="h-9" />)}</div>
        ) : query.isError && rows.length === 0 ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState title="No such events" action={isFiltered && <Button onClick={() => onSearch({})}>Show all</Button>}>Every change of state is recorded here with who made it.</EmptyState>
        ) : (
          <>
            <ul aria-label="Events" aria-busy={query.isPlaceholderData} className={query.isPlaceholderData ? "divide-y opacity-60" : "divide-y"}>
              {rows.map((event) => <EventRow key={event.id} event={event} onNarrow={(patch) => onSearch({ ...search, ...patch })} />)}
            </ul>
            <LoadMore shown={rows.length} what="events" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
          </>
        )}
      </div>
    </div>
  );
}
