import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";

import { PausedStrip, PauseButton } from "@/components/live/pause-button";
import { StreamNote } from "@/components/live/stream-note";
import { PageHeader } from "@/components/ui/page-header";
import { Segmented } from "@/components/ui/segmented";
import { DESKS } from "@/lib/instruments";
import { serverNow } from "@/lib/live/clock";
import { useLiveNews } from "@/lib/live/use-live";
import { showToast } from "@/lib/toasts";

import type { Spread } from "../api/spread";
import { whyNot, type DeskActing } from "../hooks/acting";
import { hearDesk, leaveDesk, pulse } from "../hooks/desk";
import type { LiveSearch } from "../hooks/live-search";
import { ExecutionsPanel } from "./executions-panel";
import { LatencyPanel } from "./latency-panel";
import { ProcessesStrip } from "./processes-strip";
import { SignalsPanel } from "./signals-panel";
import { SpreadsPanel } from "./spreads-panel";
import { VenuesPanel } from "./venues-panel";

const ExecuteSpreadDialog = lazy(() => import("./execute-spread-dialog"));
const CHOICES = [{ value: "all", label: "All" }, ...DESKS] as const;

interface LivePageProps {
  search: LiveSearch;
  onSearch: (next: LiveSearch) => void;
  acting: DeskActing;
}

/** The control room: what is connected, what could be done now, what was done. */
export function LivePage({ search: { market }, onSearch, acting }: LivePageProps) {
  const [executing, setExecuting] = useState<Spread | null>(null);
  const execute = (spread: Spread) => {
    const obstacle = whyNot(spread, acting, serverNow());
    if (obstacle) showToast({ tone: "warn", title: "Not executable", detail: obstacle });
    else setExecuting(spread);
  };
  useLiveNews(hearDesk);
  useEffect(() => leaveDesk, []);
  return (
    <div className="space-y-3">
      <PageHeader
        title="Live desk"
        note={<StreamNote />}
        actions={
          <>
            <Segmented label="Desk" value={market ?? "all"} options={CHOICES} onChange={(value) => onSearch(value === "all" ? {} : { market: value })} />
            <PauseButton pulse={pulse} />
            <Link to="/books" search={market ? { market } : {}} className="inline-flex min-h-11 items-center text-xs font-medium text-accent underline sm:min-h-9">Order books</Link>
          </>
        }
      />
      <PausedStrip pulse={pulse}>The execution log goes on.</PausedStrip>
      <ProcessesStrip />
      <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0 space-y-3">
          <SpreadsPanel desk={market} acting={acting} isDialogOpen={executing !== null} onExecute={execute} />
          <ExecutionsPanel desk={market} mayOperate={acting.mayOperate} />
        </div>
        <div className="grid min-w-0 items-start gap-3 md:grid-cols-2 xl:grid-cols-1">
          <VenuesPanel desk={market} />
          {market !== "giftcard" && <LatencyPanel />}
          {market !== "giftcard" && <SignalsPanel />}
        </div>
      </div>
      <Suspense>{executing && <ExecuteSpreadDialog key={executing.id} spread={executing} acting={acting} onClose={() => setExecuting(null)} />}</Suspense>
    </div>
  );
}
