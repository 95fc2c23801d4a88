import { HandRaisedIcon } from "@heroicons/react/20/solid";

import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { useSession } from "@/features/auth/api/session";
import { useTradingStatus } from "@/features/system/api/trading-status";
import { sourceName } from "@/lib/vocabulary";

/** Paper or live, and whether the figures are invented: on every page, at every width. */
export function ModeBadges({ onSafety }: { onSafety: () => void }) {
  const { data } = useSession();
  if (!data) return null;
  const isPaper = data.mode === "paper";
  const badge = (
    <Badge tone={isPaper ? "gain" : "loss"} className="!text-xs uppercase" title={isPaper ? "Executions are simulated; no real order is ever sent" : "Real orders"}>
      {data.mode}
    </Badge>
  );
  return (
    <>
      {data.user ? (
        <button type="button" aria-haspopup="dialog" aria-label={`${data.mode} mode: kill switches and limits`} onClick={onSafety} className="inline-flex min-h-8 items-center rounded-md max-sm:min-h-11">{badge}</button>
      ) : badge}
      {data.is_demo && (
        <Badge tone="accent" className="!text-xs uppercase" title="Invented products; prices come from simulated venues on this machine">
          Demo
          <span className="font-medium normal-case max-2xl:sr-only"> prices from simulated venues</span>
        </Badge>
      )}
    </>
  );
}

function whatIsHalted(scope: string, subject: string): string {
  if (scope === "global" || scope === "all") return "All executions are halted";
  if (scope === "source") return `Executions on ${sourceName(subject)} are halted`;
  return `Executions of ${subject || scope} are halted`;
}

/** Says in red, on every page, that a kill switch is engaged, and why. */
export function HaltedStrip({ onSafety }: { onSafety: () => void }) {
  const session = useSession().data;
  const { data } = useTradingStatus(session !== undefined);
  if (!data || data.switches.length === 0) return null;
  return (
    <div role="alert" className="border-b border-loss-strong/40 bg-loss-soft px-3 py-1.5 text-xs text-loss sm:px-4">
      {data.switches.map((item) => (
        <p key={item.id} className="flex flex-wrap items-center gap-x-2">
          <span className="inline-flex items-center gap-1 font-bold uppercase"><HandRaisedIcon aria-hidden className="size-4" />Halted</span>
          <span className="font-medium">{whatIsHalted(item.scope, item.subject)}{item.reason && `: ${item.reason}`}</span>
          <span>{item.engaged_by && `by ${item.engaged_by}, `}<Moment at={item.engaged_at} /></span>
          {session?.user && <button type="button" aria-haspopup="dialog" onClick={onSafety} className="ml-auto min-h-8 font-semibold underline">Release and limits</button>}
        </p>
      ))}
    </div>
  );
}
