import { ArrowPathIcon, CheckCircleIcon, ClockIcon, NoSymbolIcon, PlusIcon, XCircleIcon } from "@heroicons/react/20/solid";
import { useState } from "react";

import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/freshness";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { useNow } from "@/lib/clock";
import { toPercent } from "@/lib/decimal";
import { plural } from "@/lib/format";
import { formatDate } from "@/lib/time";
import { categoryName, sourceName } from "@/lib/vocabulary";

import { useBacktests, type Backtest } from "../api/backtests";
import { BacktestForm } from "./backtest-form";

const LOOKS: Record<Backtest["state"], { tone: Tone; word: string; Icon: typeof ClockIcon }> = {
  queued: { tone: "neutral", word: "Waiting", Icon: ClockIcon },
  running: { tone: "accent", word: "Running", Icon: ArrowPathIcon },
  succeeded: { tone: "gain", word: "Done", Icon: CheckCircleIcon },
  failed: { tone: "loss", word: "Failed", Icon: XCircleIcon },
  cancelled: { tone: "neutral", word: "Cancelled", Icon: NoSymbolIcon },
};

export function BacktestBadge({ state }: { state: Backtest["state"] }) {
  const { tone, word, Icon } = LOOKS[state];
  return <Badge tone={tone}><Icon aria-hidden className={state === "running" ? "size-3.5 animate-spin" : "size-3.5"} />{word}</Badge>;
}

/** "Cardmarket, Pokémon, floor 1.00, fee 5 %": what was assumed instead of the usual terms. */
export function termsOf({ parameters }: Pick<Backtest, "parameters">): string {
  const { source, category, floor, fee_rate: fee } = parameters;
  return [source && sourceName(source), category && categoryName(category), floor && `floor ${floor}`, fee && `fee ${toPercent(fee)}\u202F%`].filter(Boolean).join(", ") || "all sources and games, usual fees";
}

export function periodOf({ from_day: from, to_day: to }: Pick<Backtest, "from_day" | "to_day">): string {
  return `${formatDate(from)} to ${formatDate(new Date(Date.parse(to) - 86_400_000).toISOString())}`;
}

/** Every back-test, and the way to a new one. */
export function BacktestList({ mayStart, onOpen }: { mayStart: boolean; onOpen: (id: string) => void }) {
  const query = useBacktests();
  const now = useNow();
  const [isMaking, setMaking] = useState(false);
  return (
    <Section
      title="Back-tests"
      note="What past signals would have brought, at the prices known then and some days later. No look-ahead."
      bodyClass=""
      actions={mayStart && <Button look="solid" onClick={() => setMaking(true)}><PlusIcon aria-hidden className="size-4" />New back-test</Button>}
    >
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4"><Skeleton className="h-12" /><Skeleton className="h-12" /></div>}
        empty={(rows) => rows.length === 0 && <EmptyState title="No back-tests yet">{mayStart ? "Start one over the last month: it takes seconds to minutes." : "An analyst can start one."}</EmptyState>}
      >
        {(rows) => (
          <ul className="divide-y border-t">
            {rows.map((row) => (
              <li key={row.id}>
                <button type="button" onClick={() => onOpen(row.id)} className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-left hover:bg-sunken sm:px-5">
                  <span className="min-w-0 flex-1 basis-64">
                    <span className="block text-[0.8125rem] font-medium">{periodOf(row)}</span>
                    <span className="block text-2xs text-muted">{termsOf(row)} · sold after {plural(row.horizon_days, "day")}</span>
                  </span>
                  <span className="num w-28 text-xs">{row.state === "succeeded" ? plural(row.signal_count, "signal") : ""}</span>
                  <span className="w-40 text-2xs text-muted"><Moment at={row.created_at} /> · {row.requested_by ?? "command"}</span>
                  <BacktestBadge state={row.state} />
                </button>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
      {isMaking && <BacktestForm now={now} onClose={() => setMaking(false)} onStarted={(id) => { setMaking(false); onOpen(id); }} />}
    </Section>
  );
}
