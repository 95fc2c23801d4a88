import { ArrowPathIcon, CheckCircleIcon, ChevronRightIcon, ExclamationTriangleIcon, QuestionMarkCircleIcon, XCircleIcon } from "@heroicons/react/16/solid";
import { lazy, Suspense, useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/freshness";
import { formatAmount, formatBps, formatSize, readSymbol } from "@/lib/instruments";
import { toneOf } from "@/lib/format";

import type { SpreadExecution, SpreadExecutionState } from "../api/executions";
import { EXECUTION_LOOKS, mayBeResolved } from "../hooks/execution-words";
import { routeOf } from "../hooks/spread-words";
import { Legs } from "./leg-table";

const ResolveDialog = lazy(() => import("./resolve-dialog"));

const ICONS: Partial<Record<SpreadExecutionState, typeof CheckCircleIcon>> = {
  settled: CheckCircleIcon, failed: XCircleIcon, unknown: QuestionMarkCircleIcon, stuck: ExclamationTriangleIcon, unwound: ExclamationTriangleIcon,
};
const TONES = { gain: "text-gain", loss: "text-loss", even: "" } as const;

export function ExecutionStateBadge({ state }: { state: SpreadExecutionState }) {
  const { label, tone, meaning } = EXECUTION_LOOKS[state];
  const Icon = ICONS[state] ?? ArrowPathIcon;
  return <Badge tone={tone} title={meaning}><Icon aria-hidden className="size-3.5" />{label}</Badge>;
}

function Result({ execution }: { execution: SpreadExecution }) {
  const { realised_profit, expected_profit, currency } = execution;
  return (
    <span className="num text-right whitespace-nowrap">
      <span className={`block font-medium ${TONES[toneOf(realised_profit)]}`}>
        {realised_profit === null ? <span className="font-normal text-muted">not known yet</span> : <>{formatAmount(realised_profit, currency, "always")} <span className="text-2xs font-normal">realised</span></>}
      </span>
      <span className="block text-2xs text-muted">{formatAmount(expected_profit, currency, "always")} expected</span>
    </span>
  );
}

/** One execution; opened, it shows every order and fill. */
export function ExecutionItem({ execution, mayOperate }: { execution: SpreadExecution; mayOperate: boolean }) {
  const [isResolving, setResolving] = useState(false);
  const { state, reason, note } = execution;
  const needsPerson = mayBeResolved(state);
  return (
    <li className="border-b last:border-0">
      <details className="group" open={needsPerson || undefined}>
        <summary className="flex min-h-11 list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-[0.8125rem] hover:bg-sunken sm:px-5 [&::-webkit-details-marker]:hidden">
          <ChevronRightIcon aria-hidden className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90" />
          <span className="min-w-40 flex-1">
            <span className="block font-medium"><span className="num">{formatSize(execution.quantity)} × </span>{readSymbol(execution.symbol).name}</span>
            <span className="block text-2xs text-muted">{routeOf(execution)}</span>
          </span>
          <ExecutionStateBadge state={state} />
          <Result execution={execution} />
          <span className="w-24 text-right text-2xs text-muted max-sm:w-full max-sm:text-left">{execution.actor}, <Moment at={execution.created_at} /></span>
        </summary>
        <div className="space-y-2 bg-sunken/60 px-4 py-3 sm:px-5">
          {(reason || needsPerson) && (
            <div className={`flex flex-wrap items-center gap-3 rounded-lg px-3 py-2 text-xs ${needsPerson ? "bg-loss-soft text-loss" : "bg-warn-soft text-warn"}`}>
              <span className="min-w-0 flex-1">{reason || EXECUTION_LOOKS[state].meaning}</span>
              {needsPerson && (mayOperate ? <Button onClick={() => setResolving(true)}>Say what happened</Button> : <span>An operator can resolve it.</span>)}
            </div>
          )}
          <p className="num text-2xs text-muted">
            {execution.mode} · expected {formatBps(execution.expected_net_bps, "always")} bps net on {formatAmount(execution.expected_cost, execution.currency)}
            {note && <> · “{note}”</>}
          </p>
          <Legs execution={execution} />
        </div>
      </details>
      <Suspense>{isResolving && <ResolveDialog execution={execution} onClose={() => setResolving(false)} />}</Suspense>
    </li>
  );
}
