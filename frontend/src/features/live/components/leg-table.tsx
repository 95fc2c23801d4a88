import { Badge } from "@/components/ui/badge";
import { Clock } from "@/components/ui/freshness";
import { plural } from "@/lib/format";
import { formatAmount, formatSize, venueName } from "@/lib/instruments";

import type { Leg, SpreadExecution } from "../api/executions";
import { LEG_LOOKS, legName } from "../hooks/execution-words";

function LegFacts({ leg, currency }: { leg: Leg; currency: string }) {
  const { label, tone } = LEG_LOOKS[leg.state];
  return (
    <li className="rounded-lg border bg-surface px-3 py-2 text-xs">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-semibold">{legName(leg.position, leg.side)}</span>
        <span className="num">{formatSize(leg.quantity)} at {venueName(leg.venue)}, {leg.side === "buy" ? "at most" : "at least"} {formatAmount(leg.limit_price, currency)}</span>
        <Badge tone={tone} className="ml-auto">{label}</Badge>
      </p>
      {leg.fills.map((fill, index) => (
        <p key={index} className="num mt-1 text-muted">
          {formatSize(fill.quantity)} filled at {formatAmount(fill.price, currency)}, fees {formatAmount(fill.fees, currency)}, <Clock at={fill.filled_at} />
        </p>
      ))}
      {leg.state === "unknown" && <p className="mt-1 font-medium text-warn">Not known whether the venue took it; asked {plural(leg.queries, "time")} so far, never sent twice.</p>}
      {leg.last_error && <p className="mt-1 break-words text-loss">{leg.last_error}</p>}
      <p className="mt-1 break-all text-2xs text-muted">
        Our order <code className="select-all">{leg.client_order_id}</code>
        {leg.venue_order_id && <>, theirs <code className="select-all">{leg.venue_order_id}</code></>}
      </p>
    </li>
  );
}

/** Each order of an execution with its fills. */
export function Legs({ execution }: { execution: SpreadExecution }) {
  return (
    <ol aria-label="Orders" className="grid gap-2 md:grid-cols-2">
      {execution.legs.map((leg) => <LegFacts key={leg.position} leg={leg} currency={execution.currency} />)}
    </ol>
  );
}
