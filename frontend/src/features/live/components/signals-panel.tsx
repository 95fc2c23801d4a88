import { useQuery } from "@tanstack/react-query";
import { memo, useEffect } from "react";

import { Age } from "@/components/live/age";
import { NewPill } from "@/components/live/new-pill";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { formatPercent } from "@/lib/format";
import { formatBps, formatPrice, readSymbol, venueName } from "@/lib/instruments";
import { useAim, useLog } from "@/lib/live/use-live";

import { signalsOptions } from "../api/get-desk";
import type { Signal } from "../api/signal";
import { signals } from "../hooks/desk";
import { SpreadFlags } from "./spread-cells";

const MOST_SHOWN = 30;

const SignalRow = memo(function SignalRow({ signal }: { signal: Signal }) {
  return (
    <li className="border-b px-4 py-2 text-[0.8125rem] last:border-0 sm:px-5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate font-medium">{readSymbol(signal.symbol).name}</span>
        <span className="num whitespace-nowrap text-gain">{signal.netBps === null ? `${formatPercent(signal.spreadPct, 2, "always")} gross` : `${formatBps(signal.netBps, "always")} bps net`}</span>
      </div>
      <div className="num flex items-baseline justify-between gap-3 text-2xs text-muted">
        <span className="min-w-0 truncate">{venueName(signal.buyVenue)} {formatPrice(signal.buyPrice)} → {venueName(signal.sellVenue)} {formatPrice(signal.sellPrice)}</span>
        <Age at={signal.at} />
      </div>
      {signal.flags.length > 0 && <div className="mt-1"><SpreadFlags flags={signal.flags} /></div>}
    </li>
  );
});

/** Signals of the exchanges as they are published (gift cards have none), newest first; they wait while somebody points at them. */
export function SignalsPanel() {
  const query = useQuery(signalsOptions());
  const { items, waiting } = useLog(signals);
  const { isAiming, aim } = useAim();
  useEffect(() => signals.hold(isAiming), [isAiming]);
  const shown = items.slice(0, MOST_SHOWN);
  return (
    <Section title="Signals" bodyClass="border-t" actions={<NewPill count={waiting} what="signals" onShow={() => { signals.hold(false); signals.hold(isAiming); }} />}>
      <QueryState query={query} skeleton={<div className="space-y-2 p-4">{Array.from({ length: 4 }, (_, index) => <Skeleton key={index} className="h-9" />)}</div>}>
        {() =>
          shown.length === 0
            ? <EmptyState title="No signal yet">A signal is published when a gap is wide enough and a profit is left after fees.</EmptyState>
            : <ul aria-label="Signals" tabIndex={0} className="max-h-96 overflow-y-auto contain-content" {...aim}>{shown.map((signal) => <SignalRow key={signal.key} signal={signal} />)}</ul>
        }
      </QueryState>
    </Section>
  );
}
