import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { NewPill } from "@/components/live/new-pill";
import { buttonClass } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { plural } from "@/lib/format";
import type { Desk } from "@/lib/instruments";
import { useAim, useArrangement } from "@/lib/live/use-live";
import { PHONE, useMedia } from "@/lib/media";

import { spreadsOptions } from "../api/get-desk";
import type { Spread } from "../api/spread";
import type { DeskActing } from "../hooks/acting";
import { spreads, venues } from "../hooks/desk";
import { rulesFor, useThresholds } from "../hooks/thresholds";
import { useDeskKeys } from "../hooks/use-desk-keys";
import { SpreadCards, SpreadTable } from "./spread-table";
import { ThresholdControls } from "./threshold-controls";

interface SpreadsPanelProps {
  desk: Desk | undefined;
  acting: DeskActing;
  isDialogOpen: boolean;
  onExecute: (spread: Spread) => void;
}

function Nothing({ hasFloor, onClear }: { hasFloor: boolean; onClear: () => void }) {
  if (hasFloor && spreads.size > 0) {
    return (
      <EmptyState title="Nothing above your floor" action={<button type="button" className={buttonClass()} onClick={onClear}>Show all</button>}>
        {plural(spreads.size, "route")} below it or on the other desk.
      </EmptyState>
    );
  }
  if (venues.size > 0) {
    return <EmptyState title="No gap between venues now">Prices are compared with every quote; a gap that is left after all costs shows up here within a moment.</EmptyState>;
  }
  return (
    <EmptyState title="The desk has no venues" action={<Link to="/help" hash="live_desk" className={buttonClass()}>About the live desk</Link>}>
      Start the demo with <code>make run</code>, or name gift-card venues as <code>MKT_&lt;ID&gt;_SIDE</code>, <code>_URL</code> and <code>_TOKEN</code> and exchanges as{" "}
      <code>BINANCE_ENABLED=true</code>, then start the desk’s processes.
    </EmptyState>
  );
}

/** What could be bought at one venue and sold at another now, after all costs. */
export function SpreadsPanel({ desk, acting, isDialogOpen, onExecute }: SpreadsPanelProps) {
  const query = useQuery(spreadsOptions());
  const isPhone = useMedia(PHONE);
  const [thresholds, change] = useThresholds();
  const { isAiming, aim } = useAim();
  const rules = useMemo(() => rulesFor(desk, thresholds), [desk, thresholds]);
  const { keys, added, show } = useArrangement(spreads, rules, isAiming || isDialogOpen);
  useDeskKeys(keys, (id) => {
    const spread = spreads.get(id);
    if (spread) onExecute(spread);
  });
  const List = isPhone ? SpreadCards : SpreadTable;
  return (
    <Section
      title="Executable spreads"
      note={<>Net of fees, slippage and cushions. Not free of risk: a leg can fail, a price can move.</>}
      bodyClass=""
    >
      <div className="flex min-h-8 flex-wrap items-end gap-x-4 gap-y-2 px-4 pb-3 text-xs text-muted sm:px-5">
        <ThresholdControls thresholds={thresholds} onChange={change} />
        <span className="num">{plural(keys.length, "route")}</span>
        <NewPill count={added} what="routes" onShow={show} />
      </div>
      <QueryState query={query} skeleton={<div className="space-y-2 p-4">{Array.from({ length: 5 }, (_, index) => <Skeleton key={index} className="h-10" />)}</div>}>
        {() => (
          <div {...aim}>
            {keys.length === 0
              ? <Nothing hasFloor={thresholds.bps > 0 || thresholds.profit !== "" || desk !== undefined} onClear={() => change({ bps: 0, profit: "" })} />
              : <List keys={keys} acting={acting} onExecute={onExecute} />}
          </div>
        )}
      </QueryState>
    </Section>
  );
}
