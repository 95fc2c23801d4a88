import { CheckCircleIcon, ExclamationTriangleIcon, XCircleIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";
import type { ReactNode } from "react";

import { Badge, type Tone } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { PageHeader } from "@/components/ui/page-header";
import { Fact, Section } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";
import { Term } from "@/components/ui/term";
import { useNow } from "@/lib/clock";
import { formatCount, humanise } from "@/lib/format";
import { formatSpan } from "@/lib/time";

import { useSystem, type Component, type SystemOverview } from "../api/overview";
import { concernsOf, formatBytes } from "../hooks/verdict";

const LOOKS: Record<Component["status"], { tone: Tone; word: string; Icon: typeof XCircleIcon }> = {
  ok: { tone: "gain", word: "OK", Icon: CheckCircleIcon },
  warn: { tone: "warn", word: "Look", Icon: ExclamationTriangleIcon },
  fail: { tone: "loss", word: "Fails", Icon: XCircleIcon },
};

function Verdict({ system }: { system: SystemOverview }) {
  const concerns = concernsOf(system, useNow());
  if (concerns.length === 0) {
    return <p role="status" className="flex items-center gap-2 rounded-lg bg-gain-soft px-3 py-2 text-[0.8125rem] font-medium text-gain"><CheckCircleIcon aria-hidden className="size-5" />All components answer, nothing is behind.</p>;
  }
  return (
    <ul aria-label="What needs attention" className="space-y-1.5">
      {concerns.map(({ tone, text }) => {
        const Icon = tone === "loss" ? XCircleIcon : ExclamationTriangleIcon;
        return <li key={text} className={clsx("flex items-start gap-2 rounded-lg px-3 py-2 text-[0.8125rem]", tone === "loss" ? "bg-loss-soft text-loss" : "bg-warn-soft text-warn")}><Icon aria-hidden className="mt-0.5 size-4 shrink-0" />{text}</li>;
      })}
    </ul>
  );
}

function Components({ rows }: { rows: readonly Component[] }) {
  return (
    <Section title="Components" bodyClass="">
      <ul className="divide-y border-t">
        {rows.map(({ name, status, detail, latency_ms: latency }) => {
          const { tone, word, Icon } = LOOKS[status];
          return (
            <li key={name} className="flex items-center gap-3 px-4 py-2 sm:px-5">
              <span className="min-w-0 flex-1"><span className="text-[0.8125rem] font-medium">{humanise(name)}</span>{detail && <span className="block truncate text-2xs text-muted" title={detail}>{detail.replaceAll("_", " ")}</span>}</span>
              <span className="num text-xs text-muted">{latency} ms</span>
              <Badge tone={tone}><Icon aria-hidden className="size-3.5" />{word}</Badge>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Rows({ title, note, heads, rows }: { title: string; note?: ReactNode; heads: readonly string[]; rows: readonly (readonly ReactNode[])[] }) {
  return (
    <Section title={title} note={note} bodyClass="overflow-x-auto pb-2">
      <table aria-label={title} className="w-full text-[0.8125rem]">
        <thead className="border-y text-xs text-muted"><tr>{heads.map((head, index) => <th key={head} scope="col" className={clsx("px-4 py-1.5 font-medium sm:px-5", index === 0 ? "text-left" : "text-right")}>{head}</th>)}</tr></thead>
        <tbody className="divide-y">
          {rows.map((cells, row) => <tr key={row}>{cells.map((cell, index) => index === 0 ? <th key={index} scope="row" className="px-4 py-1.5 text-left font-normal sm:px-5">{cell}</th> : <td key={index} className="num px-4 py-1.5 text-right sm:px-5">{cell}</td>)}</tr>)}
        </tbody>
      </table>
      {rows.length === 0 && <p className="px-5 py-3 text-xs text-muted">None.</p>}
    </Section>
  );
}

function Overview({ system }: { system: SystemOverview }) {
  const { outbox, beat, migrations, sizes, workers } = system;
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Components rows={system.components} />
      <Section title="This installation">
        <dl>
          <Fact label="Version">{system.version}</Fact>
          <Fact label="Mode">{humanise(system.mode)}{system.is_demo && ", demo market"}</Fact>
          <Fact label="Web process started"><Moment at={system.started_at} /></Fact>
          <Fact label="Scheduler last started something"><Moment at={beat.last_tick_at} /></Fact>
          <Fact label="Migrations">{formatCount(migrations.applied)} applied, {migrations.pending === 0 ? "none pending" : <span className="font-semibold text-loss">{migrations.pending} pending</span>}</Fact>
          <Fact label="Database">{formatBytes(sizes.database_bytes)}</Fact>
          <Fact label="Redis">{formatBytes(sizes.redis_bytes)}</Fact>
        </dl>
      </Section>
      <Rows title="Queues" note={<>The <Term id="outbox" /> holds {formatCount(outbox.waiting)} waiting{outbox.oldest_seconds > 0 && `, the oldest ${formatSpan(outbox.oldest_seconds)} overdue`} and {formatCount(outbox.parked)} parked.</>} heads={["Queue", "Waiting messages"]} rows={system.queues.map(({ name, depth }) => [name, depth === null ? "unknown" : formatCount(depth)])} />
      <Rows title="Workers" note="Those that answered at once." heads={["Worker", "State"]} rows={workers.map(({ name, status }) => [name, status])} />
      <div className="lg:col-span-2">
        <Rows title="Price history by month" note="Rows are the database's estimate. Old months are dropped whole; the next ones are made ahead." heads={["Partition", "Rows", "Size"]} rows={system.partitions.map(({ name, rows, bytes, bounds }) => [<span key="name" title={bounds}>{name}</span>, formatCount(rows), formatBytes(bytes)])} />
      </div>
    </div>
  );
}

/** How the installation is doing, for who runs it. */
export function SystemPage() {
  const query = useSystem();
  return (
    <div className="mx-auto max-w-6xl space-y-3">
      <PageHeader title="System" note={query.data && <>asked <Moment at={new Date(query.dataUpdatedAt).toISOString()} /></>} actions={<a href="/admin/" className="text-xs font-medium text-accent underline">Admin</a>} />
      <QueryState query={query} skeleton={<div className="grid gap-3 lg:grid-cols-2"><Skeleton className="h-64" /><Skeleton className="h-64" /></div>}>
        {(system) => (
          <div className="space-y-3">
            <Verdict system={system} />
            <Overview system={system} />
          </div>
        )}
      </QueryState>
    </div>
  );
}
