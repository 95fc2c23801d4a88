import { ArrowPathIcon, ExclamationTriangleIcon } from "@heroicons/react/20/solid";

import { messageOf, ProblemError } from "@/api/problem";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { formatAmount, formatSize, readSymbol } from "@/lib/instruments";

import type { SpreadExecution, SpreadExecutionState } from "../api/executions";
import type { Spread } from "../api/spread";
import type { DeskActing } from "../hooks/acting";
import { times } from "../hooks/exact";
import { EXECUTION_LOOKS } from "../hooks/execution-words";
import { routeOf } from "../hooks/spread-words";
import { useSpreadOrder } from "../hooks/use-spread-order";
import { ExecutionStateBadge } from "./execution-item";
import { LegQuotes } from "./leg-quotes";
import { Legs } from "./leg-table";
import { OrderFields } from "./order-fields";
import { OrderTable } from "./order-table";
import { SpreadFlags } from "./spread-cells";

type Order = ReturnType<typeof useSpreadOrder>;

function ModeBanner({ isPaper }: { isPaper: boolean }) {
  return (
    <p className={`flex items-center gap-2 rounded-lg px-3 py-2 text-xs ${isPaper ? "bg-gain-soft text-gain" : "bg-loss-soft text-loss"}`}>
      <Badge tone={isPaper ? "gain" : "loss"} className="!text-xs uppercase">{isPaper ? "Paper" : "Live"}</Badge>
      {isPaper ? "No real order is sent. The paper broker fills both legs at the quotes of now." : "Real orders with real money, at both venues."}
    </p>
  );
}

function Blocked({ order: { execute, refusal, inTheWay } }: { order: Order }) {
  const { error } = execute;
  const isOpen = error !== null && (!(error instanceof ProblemError) || error.isRetryable);
  const title = error ? (isOpen ? "Not known whether it was executed" : refusal ? (refusal.fresh ? "Refused with the figures of now" : "Refused") : "Not executed") : "Cannot be executed as it is";
  const more = error instanceof ProblemError ? error.errors.map(({ detail }) => detail) : [];
  const reasons = error ? [messageOf(error), ...more, ...(refusal?.reasons ?? []), isOpen ? "Confirming again is safe: it is the same order." : ""] : inTheWay;
  if (reasons.length === 0) return null;
  return (
    <div role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">
      <p className="flex items-center gap-1.5 font-semibold"><ExclamationTriangleIcon aria-hidden className="size-4 shrink-0" />{title}</p>
      <ul className="mt-1 list-disc space-y-0.5 pl-5">{[...new Set(reasons)].filter(Boolean).map((reason) => <li key={reason}>{reason}</li>)}</ul>
    </div>
  );
}

function Totals({ order: { now, draft } }: { order: Order }) {
  const [cost, profit] = [times(now.cost, draft.quantity), times(now.net_profit, draft.quantity)];
  return (
    <p className="num flex flex-wrap justify-between gap-x-4 gap-y-1 rounded-lg bg-sunken px-3 py-2 text-[0.8125rem]">
      <span>Pay <span className="font-semibold">{formatAmount(cost, now.currency)}</span></span>
      <span>Net profit at these prices <span className="font-semibold">{formatAmount(profit, now.currency, "always")}</span></span>
    </p>
  );
}

function Outcome({ execution, onClose }: { execution: SpreadExecution; onClose: () => void }) {
  const { meaning, isOpen } = EXECUTION_LOOKS[execution.state];
  const why = (execution.reason || meaning).replace(/\.+$/, "");
  return (
    <div className="space-y-3">
      <p role="status" className="flex flex-wrap items-center gap-2 text-sm font-semibold">
        {formatSize(execution.quantity)} × {readSymbol(execution.symbol).name} <ExecutionStateBadge state={execution.state} />
      </p>
      <p className="text-xs text-muted">
        {why}.{" "}
        {execution.realised_profit !== null && execution.state !== "failed" && <span className="num text-ink">Realised {formatAmount(execution.realised_profit, execution.currency, "always")}, {formatAmount(execution.expected_profit, execution.currency, "always")} were expected.</span>}
        {isOpen && " The execution log follows it."}
      </p>
      <Legs execution={execution} />
      <div className="flex justify-end"><Button look="solid" onClick={onClose}>Close</Button></div>
    </div>
  );
}

const OUTCOME_TITLES: Partial<Record<SpreadExecutionState, string>> = {
  pending: "Under way", buying: "Under way", selling: "Under way", unwinding: "Under way", unknown: "Under way", failed: "Not executed", stuck: "Needs a person",
};

interface ExecuteSpreadDialogProps {
  spread: Spread;
  acting: DeskActing;
  onClose: () => void;
}

/** Both legs as shown and as they are now, fees, limits, and the order. One opening is one order, however often it is pressed. */
export default function ExecuteSpreadDialog({ spread, acting, onClose }: ExecuteSpreadDialogProps) {
  const order = useSpreadOrder(spread);
  const { now, check, execute, draft } = order;
  const isPaper = acting.trading?.mode !== "live";
  const { name, desk, base } = readSymbol(spread.symbol);
  if (execute.data) return <Sheet title={OUTCOME_TITLES[execute.data.state] ?? "Executed"} isOpen onClose={onClose}><Outcome execution={execute.data} onClose={onClose} /></Sheet>;
  return (
    <Sheet title={`Execute ${name}`} isOpen onClose={() => !execute.isPending && onClose()}>
      <div className="space-y-3">
        <ModeBanner isPaper={isPaper} />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
          <span className="font-medium text-ink">{routeOf(spread)}</span>
          <SpreadFlags flags={now.flags} />
          <button type="button" disabled={check.isFetching} onClick={order.again} className="ml-auto inline-flex min-h-11 items-center gap-1 font-semibold text-accent hover:underline sm:min-h-6">
            <ArrowPathIcon aria-hidden className="size-3.5" />
            Check again
          </button>
        </div>
        <LegQuotes spread={now} detail={order.detail} />
        {check.isError && <p role="status" className="rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">The legs cannot be checked now: {messageOf(check.error)}</p>}
        <OrderFields draft={draft} onChange={order.change} unit={desk === "giftcard" ? "cards" : base} disclaimer={acting.trading?.disclaimer?.text} />
        <OrderTable seen={spread} now={now} inputs={order.detail?.["inputs"]} />
        <div className="sticky -bottom-4 -mx-4 -mb-4 space-y-2 border-t bg-surface px-4 py-3">
          <Totals order={order} />
          <Blocked order={order} />
          <div className="flex items-center justify-end gap-2">
            {order.inTheWay.length === 0 && !draft.isAccepted && <p className="min-w-0 flex-1 text-2xs text-muted">First say above that you have looked at both legs.</p>}
            <Button onClick={onClose} disabled={execute.isPending}>Cancel</Button>
            <Button look="solid" disabled={!order.isReady} onClick={order.confirm}>{execute.isPending ? "Executing" : isPaper ? "Confirm paper execution" : "Confirm execution"}</Button>
          </div>
        </div>
      </div>
    </Sheet>
  );
}
