import { HandRaisedIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";

import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { useSession } from "@/features/auth/api/session";
import { useTradingStatus } from "@/features/system/api/trading-status";
import { sourceName } from "@/lib/vocabulary";

/** Paper or live, and whether the figures are invented: on every page, at every width. */
export function ModeBadges() {
  const { data } = useSession();
  if (!data) return null;
  const isPaper = data.mode === "paper";
  return (
    <>
      <Badge tone={isPaper ? "gain" : "loss"} className="!text-xs uppercase" title={isPaper ? "Executions are simulated; no real order is ever sent" : "Real orders"}>
        {data.mode}
      </Badge>
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
export function HaltedStrip() {
  const { data } = useTradingStatus(useSession().data !== undefined);
  if (!data || data.switches.length === 0) return null;
  return (
    <div role="alert" className="border-b border-loss-strong/40 bg-loss-soft px-3 py-1.5 text-xs text-loss sm:px-4">
      {data.switches.map((item) => (
        <p key={item.id} className="flex flex-wrap items-center gap-x-2">
          <span className="inline-flex items-center gap-1 font-bold uppercase"><HandRaisedIcon aria-hidden className="size-4" />Halted</span>
          <span className="font-medium">{whatIsHalted(item.scope, item.subject)}{item.reason && `: ${item.reason}`}</span>
          <span>{item.engaged_by && `by ${item.engaged_by}, `}<Moment at={item.engaged_at} /></span>
          <Link to="/executions" className="ml-auto font-semibold underline">Executions and limits</Link>
        </p>
      ))}
    </div>
  );
}
