import { CheckCircleIcon, ClockIcon, MinusCircleIcon, XCircleIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Badge, type Tone } from "@/components/ui/badge";
import { Clock, Moment } from "@/components/ui/freshness";
import { LoadMore } from "@/components/ui/load-more";
import { Section } from "@/components/ui/section";
import { SelectField } from "@/components/ui/select-field";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { plural } from "@/lib/format";

import { useChannels, useDeliveries, type Delivery } from "../api/channels";

const LOOKS: Record<Delivery["state"], { tone: Tone; word: string; Icon: typeof ClockIcon }> = {
  waiting: { tone: "neutral", word: "Waiting", Icon: ClockIcon },
  delivered: { tone: "gain", word: "Delivered", Icon: CheckCircleIcon },
  failed: { tone: "loss", word: "Failed", Icon: XCircleIcon },
  skipped: { tone: "warn", word: "Skipped", Icon: MinusCircleIcon },
};
const STATES = (Object.keys(LOOKS) as Delivery["state"][]).map((value) => ({ value, label: LOOKS[value].word }));

function DeliveryRow({ row }: { row: Delivery }) {
  const { tone, word, Icon } = LOOKS[row.state];
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-2.5 sm:px-5">
      <div className="w-24 shrink-0 pt-0.5"><Badge tone={tone}><Icon aria-hidden className="size-3.5" />{word}</Badge></div>
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-[0.8125rem] font-medium">
          {row.opportunity ? <Link to="/opportunities/$id" params={{ id: row.opportunity }} className="hover:text-accent hover:underline">{row.title}</Link> : row.title}
        </p>
        <p className="line-clamp-2 text-xs whitespace-pre-line text-muted">{row.body}</p>
        {row.error && <p className="text-2xs text-loss">{row.error}</p>}
      </div>
      <div className="shrink-0 text-right text-2xs text-muted">
        <p>{row.channel.name}{row.rule && `, “${row.rule.name}”`}</p>
        <p>{row.delivered_at ? <Clock at={row.delivered_at} /> : row.state === "waiting" ? <>due <Moment at={row.due_at} /></> : <Clock at={row.created_at} />}{row.attempts > 1 && `, ${plural(row.attempts, "attempt")}`}</p>
      </div>
    </li>
  );
}

/** What was sent where, and what came of it. */
export function DeliveriesPanel() {
  const [state, setState] = useState<Delivery["state"] | undefined>();
  const [channel, setChannel] = useState<string | undefined>();
  const { data: channels = [] } = useChannels();
  const query = useDeliveries({ state, channel });
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Section
      title="Delivery log"
      bodyClass=""
      actions={
        <div className="flex gap-2">
          <SelectField label="State" anyLabel="Any" value={state} options={STATES} onChange={setState} />
          <SelectField label="Channel" anyLabel="Any" value={channel} options={channels.map(({ id, name }) => ({ value: id, label: name }))} onChange={setChannel} />
        </div>
      }
    >
      {query.isPending ? (
        <div role="status" aria-label="Loading" className="space-y-2 p-4"><Skeleton className="h-12" /><Skeleton className="h-12" /></div>
      ) : query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title="Nothing was sent">Alerts through channels are listed here, with every attempt that failed and why.</EmptyState>
      ) : (
        <>
          <ul className="divide-y border-t">{rows.map((row) => <DeliveryRow key={row.id} row={row} />)}</ul>
          <LoadMore shown={rows.length} what="deliveries" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
        </>
      )}
    </Section>
  );
}
