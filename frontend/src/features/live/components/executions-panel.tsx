import { LoadMore } from "@/components/ui/load-more";
import { Section } from "@/components/ui/section";
import { EmptyState, ErrorState, Skeleton, StaleBanner } from "@/components/ui/states";
import type { Desk } from "@/lib/instruments";
import { useStreamRefresh } from "@/lib/sse";

import { useSpreadExecutions } from "../api/executions";
import { deskKeys } from "../api/keys";
import { EXECUTION_LOOKS } from "../hooks/execution-words";
import { ExecutionItem } from "./execution-item";

interface ExecutionsPanelProps {
  desk: Desk | undefined;
  mayOperate: boolean;
}

function Body({ desk, mayOperate }: ExecutionsPanelProps) {
  const query = useSpreadExecutions(desk);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <div role="status" aria-label="Loading executions" className="space-y-2 p-4">{Array.from({ length: 3 }, (_, index) => <Skeleton key={index} className="h-10" />)}</div>;
  }
  const rows = query.data.pages.flatMap((page) => page.results);
  if (rows.length === 0) return <EmptyState title="Nothing executed yet">Execute a route above; both legs, their fills and the realised profit are written down here.</EmptyState>;
  return (
    <>
      {query.isError && <div className="p-2"><StaleBanner since={query.dataUpdatedAt} onRetry={() => void query.refetch()} /></div>}
      <ol aria-label="Executions">{rows.map((execution) => <ExecutionItem key={execution.id} execution={execution} mayOperate={mayOperate} />)}</ol>
      <LoadMore shown={rows.length} what="executions" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
    </>
  );
}

/** What was done, leg by leg, and what came of it. */
export function ExecutionsPanel({ desk, mayOperate }: ExecutionsPanelProps) {
  useStreamRefresh(["execution"], [[...deskKeys.all, "executions"]], (event) => event["kind"] === "cross_venue" || event.name in EXECUTION_LOOKS);
  return (
    <Section title="Execution log" note="Both legs, their fills and the realised profit, newest first." bodyClass="border-t">
      <Body desk={desk} mayOperate={mayOperate} />
    </Section>
  );
}
