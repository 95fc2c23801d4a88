import { ArrowPathIcon, CheckCircleIcon, ExclamationTriangleIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";

import { messageOf, ProblemError } from "@/api/problem";
import type { Opportunity } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button, buttonClass } from "@/components/ui/button";
import { Freshness } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { Sheet } from "@/components/ui/sheet";
import { QueryState, Skeleton } from "@/components/ui/states";
import { plural } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import type { Acting } from "../hooks/acting";
import { times } from "../hooks/exact";
import { useExecuteDialog } from "../hooks/use-execute-dialog";
import { ExecuteFields } from "./execute-fields";
import { FiguresTable } from "./figures-table";

interface ExecuteDialogProps {
  opportunity: Pick<Opportunity, "id" | "currency" | "buy_source" | "sell_source" | "sealed_product">;
  acting: Acting;
  onClose: () => void;
}

type Dialog = ReturnType<typeof useExecuteDialog>;

function ModeBanner({ isPaper }: { isPaper: boolean }) {
  return (
    <p className={`flex items-center gap-2 rounded-lg px-3 py-2 text-xs ${isPaper ? "bg-gain-soft text-gain" : "bg-loss-soft text-loss"}`}>
      <Badge tone={isPaper ? "gain" : "loss"} className="!text-xs uppercase">{isPaper ? "Paper" : "Live"}</Badge>
      {isPaper ? "No real order is sent. The paper broker fills it at the prices of now." : "Real orders with real money."}
    </p>
  );
}

/** What is in the way: the server's refusal, a failure, or what the figures already say. */
function obstruction({ refusal, execute, inTheWay, seen }: Dialog): { title: string; reasons: string[] } | null {
  const { error } = execute;
  if (refusal) return { title: "Refused with the figures of now", reasons: [messageOf(error), ...(seen?.reasons ?? []).map((reason) => reason.detail)] };
  if (error) {
    const isOpen = !(error instanceof ProblemError) || error.isRetryable;
    return { title: "Not executed", reasons: isOpen ? [messageOf(error), "Confirming again is safe: it is the same order."] : [messageOf(error)] };
  }
  return inTheWay.length > 0 ? { title: "Cannot be executed as it is", reasons: inTheWay } : null;
}

function Blocked({ dialog }: { dialog: Dialog }) {
  const found = obstruction(dialog);
  if (!found) return null;
  return (
    <div role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">
      <p className="flex items-center gap-1.5 font-semibold">
        <ExclamationTriangleIcon aria-hidden className="size-4 shrink-0" />
        {found.title}
      </p>
      <ul className="mt-1 list-disc space-y-0.5 pl-5">
        {[...new Set(found.reasons)].filter(Boolean).map((reason) => <li key={reason}>{reason}</li>)}
      </ul>
    </div>
  );
}

function Totals({ dialog, currency }: { dialog: Dialog; currency: string }) {
  const { seen, quantity } = dialog;
  if (!seen?.fresh) return null;
  return (
    <p className="flex flex-wrap justify-between gap-x-4 gap-y-1 rounded-lg bg-sunken px-3 py-2 text-[0.8125rem]">
      <span>Pay for {plural(quantity, "product")} <Money amount={times(seen.fresh.total_cost, quantity)} currency={currency} className="font-semibold" /></span>
      <span>Expected profit <Money amount={times(seen.fresh.net_profit, quantity)} currency={currency} signed className="font-semibold" /></span>
    </p>
  );
}

function Success({ execution, name, onClose }: { execution: { id: string; quantity: number }; name: string; onClose: () => void }) {
  return (
    <div className="flex flex-col items-center gap-3 py-6 text-center">
      <CheckCircleIcon aria-hidden className="size-10 text-gain" />
      <p className="text-sm font-semibold" role="status">Bought {execution.quantity} × {name} on paper</p>
      <p className="max-w-sm text-xs text-muted">It has been opened on paper; its cards are offered for sale and sold later at the prices of that moment.</p>
      <div className="flex gap-2">
        <Button onClick={onClose}>Close</Button>
        <Link to="/executions/$id" params={{ id: execution.id }} className={buttonClass("solid")}>See the execution</Link>
      </div>
    </div>
  );
}

/** Figures seen against figures of now, the limits, and the order. One opening is one order, however often it is pressed. */
export default function ExecuteDialog({ opportunity, acting, onClose }: ExecuteDialogProps) {
  const { currency, sealed_product: product } = opportunity;
  const dialog = useExecuteDialog(opportunity.id, currency);
  const { check, seen, execute, draft } = dialog;
  const isPaper = acting.trading?.mode !== "live";
  if (execute.data) {
    return (
      <Sheet title="Executed" isOpen onClose={onClose}>
        <Success execution={execute.data.execution} name={product.name} onClose={onClose} />
      </Sheet>
    );
  }
  return (
    <Sheet title={`Execute ${product.name}`} isOpen onClose={() => !execute.isPending && onClose()}>
      <div className="space-y-3">
        <ModeBanner isPaper={isPaper} />
        <QueryState query={check} skeleton={<Skeleton className="h-56" />}>
          {(answer) =>
            seen && (
              <>
                <FiguresTable
                  caption="Figures shown and now"
                  shown={seen.shown}
                  fresh={seen.fresh}
                  currency={currency}
                  limits={{ maxCost: draft.maxCost || undefined, minMargin: draft.minMargin || undefined }}
                />
                <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
                  <span>{sourceName(opportunity.buy_source)} → {sourceName(opportunity.sell_source)}</span>
                  <span>oldest price <Freshness at={seen.fresh?.oldest_price_at ?? seen.shown.oldest_price_at} /></span>
                  <span>checked <time dateTime={answer.checked_at} className="num">{new Date(answer.checked_at).toLocaleTimeString("en-GB")}</time></span>
                  <button type="button" disabled={check.isFetching} onClick={dialog.again} className="ml-auto inline-flex min-h-11 items-center gap-1 font-semibold text-accent hover:underline sm:min-h-0">
                    <ArrowPathIcon aria-hidden className="size-3.5" />
                    {check.isFetching ? "Checking" : "Check again"}
                  </button>
                </div>
                <ExecuteFields draft={draft} onChange={dialog.change} disclaimer={acting.trading?.disclaimer?.text} />
              </>
            )
          }
        </QueryState>
        <div className="sticky -bottom-4 -mx-4 -mb-4 space-y-2 border-t bg-surface px-4 py-3">
          <Totals dialog={dialog} currency={currency} />
          <Blocked dialog={dialog} />
          <div className="flex justify-end gap-2">
            <Button onClick={onClose} disabled={execute.isPending}>Cancel</Button>
            <Button look="solid" disabled={!dialog.isReady} onClick={dialog.confirm}>
              {execute.isPending ? "Executing" : isPaper ? "Confirm paper execution" : "Confirm execution"}
            </Button>
          </div>
        </div>
      </div>
    </Sheet>
  );
}
