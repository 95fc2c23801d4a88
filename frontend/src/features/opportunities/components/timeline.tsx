import { ShieldCheckIcon, ShieldExclamationIcon } from "@heroicons/react/20/solid";
import { lazy, Suspense } from "react";

import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { useTimeline } from "../api/get-course";
import type { TimelineEvent } from "../api/shapes";
import { eventFacts, verbText } from "../hooks/timeline-text";

const FiguresHistoryPanel = lazy(() => import("./figures-history-panel"));

/** Whether every event's hash fits what is stored. */
export function ChainBadge({ verified }: { verified: boolean | null }) {
  if (verified === null) return null;
  const Icon = verified ? ShieldCheckIcon : ShieldExclamationIcon;
  return (
    <Badge tone={verified ? "gain" : "loss"} title={verified ? "Each event's hash fits what is stored" : "An event does not fit its hash: somebody changed what is stored"}>
      <Icon aria-hidden className="size-3.5" />
      {verified ? "Chain verified" : "Chain broken"}
    </Badge>
  );
}

function Event({ event }: { event: TimelineEvent }) {
  const facts = eventFacts(event.data);
  return (
    <li className="relative border-l pb-4 pl-5 last:pb-0">
      <span aria-hidden className="absolute top-1.5 -left-[4.5px] size-2 rounded-full bg-accent-solid" />
      <p className="flex flex-wrap items-baseline gap-x-2 text-[0.8125rem]">
        <span className="font-semibold">{verbText(event.verb)}</span>
        <span className="text-xs text-muted">by {event.actor ?? "the system"}</span>
        <Moment at={event.recorded_at} className="text-xs text-muted" />
        <code title={`Event ${event.seq} of ${event.stream}; SHA-256 ${event.hash}`} className="ml-auto text-2xs text-muted max-sm:hidden">#{event.seq} {event.hash.slice(0, 8)}</code>
      </p>
      {facts.length > 0 && (
        <dl className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
          {facts.map(([label, text]) => (
            <div key={label} className="flex min-w-0 gap-1.5">
              <dt className="shrink-0 text-muted">{label}</dt>
              <dd className="num min-w-0 break-words">{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

/** How the figures moved, and who did what when. */
export default function Timeline({ id }: { id: string }) {
  const query = useTimeline(id);
  return (
    <div className="space-y-3">
      <Suspense fallback={<Skeleton className="h-80" />}><FiguresHistoryPanel id={id} /></Suspense>
      <Section title="Events" note="From the audit log, newest first; also those of its executions." actions={query.data && <ChainBadge verified={query.data.verified} />}>
        <QueryState query={query} skeleton={<Skeleton className="h-60" />} empty={(data) => data.results.length === 0 && <EmptyState title="Nothing recorded yet" />}>
          {(data) => <ol className="ml-1">{data.results.map((event) => <Event key={event.id} event={event} />)}</ol>}
        </QueryState>
      </Section>
    </div>
  );
}
