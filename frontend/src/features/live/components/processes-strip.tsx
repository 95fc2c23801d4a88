import { CheckCircleIcon, ExclamationTriangleIcon, XCircleIcon } from "@heroicons/react/16/solid";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { memo } from "react";

import { Age } from "@/components/live/age";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { formatCount, humanise } from "@/lib/format";
import { useSecond } from "@/lib/live/clock";
import { useArrangement, useLiveRow } from "@/lib/live/use-live";

import { healthOptions } from "../api/get-desk";
import type { Process } from "../api/process";
import { processes } from "../hooks/desk";

const ORDER = ["ingest", "giftcards", "signals", "sink"];
const MEANINGS: Record<string, string> = {
  ingest: "Reads the exchanges’ streams",
  giftcards: "Asks the gift-card venues and compares their quotes",
  signals: "Compares the exchanges and publishes signals",
  sink: "Writes down routes and samples of quotes",
};
const NAMES: Record<string, string> = { giftcards: "Gift cards" };
const LOOKS = {
  live: { Icon: CheckCircleIcon, colour: "text-gain", word: "running" },
  degraded: { Icon: ExclamationTriangleIcon, colour: "text-warn", word: "degraded" },
  down: { Icon: XCircleIcon, colour: "text-loss", word: "not heard of" },
} as const;
/** A process that says nothing for longer counts as down, whatever it said last. */
const SILENT_MS = 25_000;

function figuresOf(process: Process): string {
  const { ticksPerSecond, messages, quotes, entries, lagMs, invalid, dropped, reconnects } = process;
  return [
    ticksPerSecond !== null ? `${formatCount(Math.round(ticksPerSecond))} ticks/s` : messages !== null && `${formatCount(messages)} messages`,
    messages === null && quotes !== null && `${formatCount(quotes)} quotes`,
    entries !== null && `${formatCount(entries)} sightings`,
    lagMs !== null && `lag ${formatCount(Math.round(lagMs))} ms`,
    dropped !== null && dropped > 0 && `${formatCount(dropped)} dropped`,
    invalid !== null && invalid > 0 && `${formatCount(invalid)} invalid`,
    reconnects !== null && reconnects > 0 && `${formatCount(reconnects)} reconnects`,
  ].filter(Boolean).join(" · ");
}

const ProcessTile = memo(function ProcessTile({ name }: { name: string }) {
  const process = useLiveRow(processes, name);
  const now = useSecond();
  if (!process) return null;
  const isSilent = process.at !== null && now - process.at > SILENT_MS;
  const { Icon, colour, word } = LOOKS[isSilent ? "down" : process.state];
  return (
    <li className="min-w-0 px-4 py-2.5" title={MEANINGS[name]}>
      <span className="flex items-center gap-1.5 text-[0.8125rem] font-medium">
        <Icon aria-hidden className={clsx("size-4 shrink-0", colour)} />
        {NAMES[name] ?? humanise(name)} <span className="text-2xs font-normal text-muted">{word}</span>
        <span className="ml-auto text-2xs font-normal text-muted"><Age at={process.at} limit={SILENT_MS} /></span>
      </span>
      <span className="num line-clamp-2 min-h-[2lh] text-2xs 2xl:min-h-0 text-muted" title={process.detail}>{figuresOf(process) || process.detail || "–"}</span>
      {process.state !== "live" && process.detail && <span className="block text-2xs text-warn">{process.detail}</span>}
    </li>
  );
});

const place = ({ name }: Process) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
const RULES = { accept: () => true, compare: (a: Process, b: Process) => place(a) - place(b) };

/** Whether the desk's programs run, and how they keep up. */
export function ProcessesStrip() {
  const query = useQuery(healthOptions());
  const { keys } = useArrangement(processes, RULES, false);
  if (query.isPending) return <Skeleton className="h-14" />;
  if (query.isError && keys.length === 0) return <div className="card"><ErrorState error={query.error} onRetry={() => void query.refetch()} /></div>;
  if (keys.length === 0) {
    return (
      <p role="status" className="card px-4 py-3 text-xs text-muted">
        None of the desk’s programs runs. <code>make run</code> starts them all; alone they are <code>manage.py run_ingest</code>, <code>run_signals</code>, <code>run_giftcards</code> and <code>run_sink</code>.
      </p>
    );
  }
  return (
    <section aria-label="Processes" className="card">
      <ul className="grid grid-cols-2 divide-line/60 max-sm:divide-y sm:grid-cols-4 sm:divide-x">{keys.map((name) => <ProcessTile key={name} name={name} />)}</ul>
    </section>
  );
}
