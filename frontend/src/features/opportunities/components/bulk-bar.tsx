import { ArrowPathIcon, CalculatorIcon, EyeIcon, EyeSlashIcon, NoSymbolIcon, XMarkIcon } from "@heroicons/react/20/solid";
import { lazy, Suspense, useRef, useState } from "react";

import { Button, IconButton } from "@/components/ui/button";
import { formatCount, plural } from "@/lib/format";
import { showToast } from "@/lib/toasts";

import { useBulkChange } from "../api/change-opportunities";
import type { BulkAction, BulkAnswer } from "../api/shapes";
import type { Acting } from "../hooks/acting";
import type { Selection } from "../hooks/use-selection";

const DismissDialog = lazy(() => import("./dismiss-dialog"));

const DONE: Record<BulkAction, string> = {
  watch: "put on your watchlist",
  unwatch: "taken off your watchlist",
  refresh: "will have their prices fetched",
  revalidate: "computed again",
  dismiss: "dismissed",
};

/** What came of it, with the reasons of what was left out. */
export function describeAnswer({ action, done, skipped }: BulkAnswer): { title: string; detail?: string } {
  const reasons = new Map<string, number>();
  for (const { detail } of skipped) reasons.set(detail, (reasons.get(detail) ?? 0) + 1);
  const why = [...reasons].slice(0, 3).map(([detail, count]) => (count > 1 ? `${detail} (${formatCount(count)})` : detail));
  return {
    title: `${plural(done, "opportunity", "opportunities")} ${DONE[action]}`,
    detail: skipped.length > 0 ? `${formatCount(skipped.length)} skipped: ${why.join("; ")}` : undefined,
  };
}

interface BulkBarProps {
  selection: Selection;
  /** How many rows this page has, and how many match in all. */
  shown: number;
  total: number;
  /** The view's query, for everything that matches. */
  matching: string;
  acting: Acting;
  onDialog: (isOpen: boolean) => void;
}

/** What can be done with the marked rows. */
export function BulkBar({ selection, shown, total, matching, acting, onDialog }: BulkBarProps) {
  const [isDismissing, setDismissing] = useState(false);
  const bulk = useBulkChange();
  const isSent = useRef(false); // two clicks come faster than one rendering
  const ask = (isOpen: boolean) => {
    setDismissing(isOpen);
    onDialog(isOpen);
  };
  const run = (action: BulkAction, reason?: string) => {
    if (isSent.current) return;
    isSent.current = true;
    bulk.mutate(
      { action, targets: selection.targets(matching), reason },
      {
        onSuccess: (answer) => {
          showToast({ tone: answer.done > 0 ? "gain" : "warn", ...describeAnswer(answer) });
          selection.clear();
          ask(false);
        },
        onError: (error) => showToast({ tone: "loss", title: "Nothing was changed", detail: error.message }),
        onSettled: () => (isSent.current = false),
      },
    );
  };
  if (selection.count === 0) return null;
  const isBusy = bulk.isPending;
  return (
    <div role="toolbar" aria-label="Selected opportunities" className="flex flex-wrap items-center gap-2 border-b bg-accent-soft px-3 py-1.5">
      <span className="num text-[0.8125rem] font-semibold" aria-live="polite">
        {selection.isEverything ? `All ${formatCount(total)} matching` : `${formatCount(selection.count)} selected`}
      </span>
      {!selection.isEverything && selection.count === shown && total > shown && (
        <button type="button" className="min-h-8 text-xs font-semibold text-accent underline" onClick={selection.selectEverything}>
          Select all {formatCount(total)} matching
        </button>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <Button disabled={isBusy} onClick={() => run("watch")}><EyeIcon aria-hidden className="size-4" />Watch</Button>
        <Button disabled={isBusy} onClick={() => run("unwatch")}><EyeSlashIcon aria-hidden className="size-4" />Unwatch</Button>
        {acting.mayAnalyse && (
          <>
            <Button disabled={isBusy} onClick={() => run("refresh")}><ArrowPathIcon aria-hidden className="size-4" />Refresh prices</Button>
            <Button disabled={isBusy} onClick={() => run("revalidate")}><CalculatorIcon aria-hidden className="size-4" />Re-validate</Button>
          </>
        )}
        {acting.mayTrade && (
          <Button disabled={isBusy} onClick={() => ask(true)}><NoSymbolIcon aria-hidden className="size-4" />Dismiss</Button>
        )}
        <IconButton label="Clear selection" onClick={selection.clear}><XMarkIcon aria-hidden className="size-4" /></IconButton>
      </div>
      {isDismissing && (
        <Suspense>
          <DismissDialog
            subject={selection.isEverything ? `all ${formatCount(total)} matching opportunities` : plural(selection.count, "opportunity", "opportunities")}
            isBusy={isBusy}
            onClose={() => ask(false)}
            onDismiss={(reason) => run("dismiss", reason)}
          />
        </Suspense>
      )}
    </div>
  );
}
