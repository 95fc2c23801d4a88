import { ChevronRightIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";
import { useId, useState, type ReactNode } from "react";

import { Badge } from "@/components/ui/badge";
import { Clock, Moment } from "@/components/ui/freshness";

import type { AuditEvent } from "../api/events";
import { diffOf, factsOf, pageOf } from "../hooks/diff";

function Diff({ event }: { event: AuditEvent }) {
  const rows = diffOf(event.data);
  if (rows.length === 0) return null;
  return (
    <table aria-label="Before and after" className="w-full max-w-3xl text-xs">
      <thead className="text-left text-muted"><tr><th scope="col" className="py-1 pr-4 font-medium">What</th><th scope="col" className="py-1 pr-4 font-medium">Before</th><th scope="col" className="py-1 font-medium">After</th></tr></thead>
      <tbody className="align-top">
        {rows.map((row) => (
          <tr key={row.name} className={clsx("border-t", !row.isChanged && "text-muted")}>
            <th scope="row" className="py-1 pr-4 text-left font-medium">{row.name}</th>
            <td className="py-1 pr-4 break-all">{row.before === null ? <span className="text-muted">none</span> : row.isChanged ? <del className="rounded bg-loss-soft px-1 text-loss">{row.before}</del> : row.before}</td>
            <td className="py-1 break-all">{row.after === null ? <span className="text-muted">none</span> : row.isChanged ? <ins className="rounded bg-gain-soft px-1 text-gain no-underline">{row.after}</ins> : row.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-2">
      <dt className="w-28 shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 flex-1 break-all">{children}</dd>
    </div>
  );
}

function Details({ event }: { event: AuditEvent }) {
  const page = pageOf(event.subject);
  return (
    <div className="space-y-3">
      <Diff event={event} />
      <dl className="space-y-1 text-xs">
        {factsOf(event.data).map(([name, value]) => <Line key={name} label={name.replaceAll("_", " ")}>{value}</Line>)}
      </dl>
      <dl className="space-y-1 border-t pt-2 text-2xs">
        <Line label="Recorded"><Clock at={event.recorded_at} /></Line>
        <Line label="Subject">{page ? <a href={page} className="text-accent underline">{event.subject}</a> : event.subject}</Line>
        {event.request_id && <Line label="Request id"><code className="select-all">{event.request_id}</code></Line>}
        <Line label="Place in chain"><span className="num">{event.stream} #{event.seq}</span></Line>
        <Line label="Hash"><code className="select-all">{event.hash}</code></Line>
        <Line label="Chained to"><code className="select-all">{event.previous_hash}</code></Line>
      </dl>
    </div>
  );
}

/** What the closed row tells: the first facts, and the first changes as "old → new". */
function summaryOf({ data }: AuditEvent): string {
  const facts = factsOf(data).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
  const changes = diffOf(data)
    .filter(({ isChanged }) => isChanged)
    .map(({ name, before, after }) => `${name.replaceAll("_", " ")} ${before === null ? "" : `${before} → `}${after ?? "none"}`);
  return [...facts.slice(0, 4), ...changes.slice(0, 4)].join(" · ");
}

interface EventRowProps {
  event: AuditEvent;
  /** Narrow the list to this event's actor or subject. */
  onNarrow: (patch: { actor?: string; subject?: string }) => void;
}

/** One event: who did what to what; opens to before and after and its place in the chain. */
export function EventRow({ event, onNarrow }: EventRowProps) {
  const [isShown, setShown] = useState(false);
  const details = useId();
  const changes = diffOf(event.data).filter(({ isChanged }) => isChanged);
  const isNew = changes.every(({ before }) => before === null);
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5 sm:px-4">
        <button type="button" aria-expanded={isShown} aria-controls={details} onClick={() => setShown(!isShown)} className="flex min-h-10 min-w-0 flex-1 basis-full items-center sm:basis-72 gap-2.5 text-left hover:text-accent">
          <ChevronRightIcon aria-hidden className={clsx("size-4 shrink-0 text-muted transition-transform", isShown && "rotate-90")} />
          <span className="min-w-0">
            <span className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-medium">{event.verb}{changes.length > 0 && !isNew && <Badge tone="accent">{changes.length} changed</Badge>}</span>
            <span className="block truncate text-2xs text-muted">{summaryOf(event)}</span>
          </span>
        </button>
        <button type="button" onClick={() => onNarrow({ subject: event.subject })} title={`Only ${event.subject}`} className="num min-h-8 max-w-64 min-w-0 flex-1 basis-32 truncate text-left text-2xs text-muted hover:text-accent hover:underline max-sm:pl-6.5 sm:flex-none sm:basis-56">{event.subject}</button>
        <button type="button" onClick={() => onNarrow({ actor: event.actor ?? "system" })} title={`Only what ${event.actor ?? "the system"} did`} className="min-h-8 w-20 truncate text-left text-xs sm:w-24 hover:text-accent hover:underline">{event.actor ?? <span className="text-muted">system</span>}</button>
        <span className="w-20 text-right text-xs text-muted"><Moment at={event.recorded_at} /></span>
      </div>
      <div id={details} hidden={!isShown} className="border-t border-line/60 bg-sunken/50 px-4 py-3 sm:pl-11">{isShown && <Details event={event} />}</div>
    </li>
  );
}
