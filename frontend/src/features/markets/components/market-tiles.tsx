import clsx from "clsx";
import type { ReactNode } from "react";

import type { Coverage, Source } from "@/api/types";
import { ShareBar } from "@/components/ui/progress-bar";
import { QueryState, Skeleton } from "@/components/ui/states";
import { formatCount, formatFraction, plural } from "@/lib/format";

import { useCoverage } from "../api/get-coverage";
import { useSources } from "../api/get-sources";
import { totalsOf } from "../hooks/route-state";

interface TileProps {
  label: string;
  hint: ReactNode;
  className?: string;
  children: ReactNode;
}

function Tile({ label, hint, className, children }: TileProps) {
  return (
    <div className={clsx("card p-3.5 sm:p-4", className)}>
      <h2 className="text-xs text-muted">{label}</h2>
      <div className="num mt-1 text-2xl font-semibold tracking-tight">{children}</div>
      <div className="mt-1 text-2xs text-muted">{hint}</div>
    </div>
  );
}

function FreshTile({ coverage }: { coverage: Coverage }) {
  const { fresh, tracked, share, window_hours: hours } = coverage;
  return (
    <Tile
      className="max-xl:col-span-2 sm:max-xl:col-span-1"
      label={`Products priced within ${hours} h`}
      hint={tracked > 0 ? <ShareBar label={`Products priced within ${hours} hours`} part={fresh} whole={tracked} className="mt-2" /> : "no product is tracked yet"}
    >
      {formatCount(fresh)} <span className="text-base font-normal text-muted">of {formatCount(tracked)}{tracked > 0 && `, ${formatFraction(share, 0)}`}</span>
    </Tile>
  );
}

function DayTiles({ sources }: { sources: readonly Source[] }) {
  const { prices, quarantined, failing, running } = totalsOf(sources);
  return (
    <>
      <Tile label="Prices stored, 24 h" hint={`by ${plural(sources.filter((source) => source.prices_24h > 0).length, "source")}`}>{formatCount(prices)}</Tile>
      <Tile label="Held for review, 24 h" hint="not used until somebody releases them">{formatCount(quarantined)}</Tile>
      <Tile className="max-sm:col-span-2" label="Sources failing" hint={failing.length > 0 ? failing.join(", ") : `${formatCount(running)} of ${formatCount(sources.length)} running`}>
        <span className={failing.length > 0 ? "text-loss" : undefined}>{formatCount(failing.length)}</span>
      </Tile>
    </>
  );
}

function TileSkeletons({ count }: { count: number }) {
  return Array.from({ length: count }, (_, index) => <Skeleton key={index} className="h-26" />);
}

/** The state of all sources in four figures. */
export function MarketTiles() {
  const coverage = useCoverage();
  const sources = useSources();
  return (
    <div className="grid grid-cols-2 gap-3 xl:grid-cols-4 [&>[role=status]]:contents">
      <QueryState query={coverage} skeleton={<TileSkeletons count={1} />}>{(data) => <FreshTile coverage={data} />}</QueryState>
      {sources.data ? <DayTiles sources={sources.data.results} /> : sources.isError ? null : <TileSkeletons count={3} />}
    </div>
  );
}
