import type { ReactNode } from "react";

import type { Job, Source } from "@/api/types";
import { Moment } from "@/components/ui/freshness";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { useSources } from "../api/get-sources";
import { marketKeys } from "../api/keys";
import { syncAll, syncSource } from "../api/start-sync";
import { MarketTiles } from "./market-tiles";
import { SourceList } from "./source-table";

export interface Launch {
  label: string;
  about: string;
  start: () => Promise<Job>;
  changes: readonly (readonly string[])[];
}

interface MarketsPageProps {
  /** Whether this person may start runs and reset hosts. */
  canOperate: boolean;
  isDemo: boolean;
  /** Draws the button that starts a run and follows it, which another feature knows how to do. */
  launch: (facts: Launch) => ReactNode;
}

const CHANGES = [marketKeys.all, ["prices"], ["opportunities"]] as const;

/** A run of a source fetches its bulk feeds; other routes are asked product by product, by the schedule. */
function SyncAction({ source, launch }: { source: Source; launch: MarketsPageProps["launch"] }) {
  const feeds = source.routes.filter((route) => route.route === "bulk");
  if (feeds.length === 0) return <span className="shrink-0 text-2xs font-normal text-muted">asked product by product</span>;
  if (!feeds.some((route) => route.is_ready)) return null;
  return launch({ label: "Sync now", about: source.name, start: () => syncSource(source.code), changes: CHANGES });
}

/** Where prices come from, and whether they do. */
export function MarketsPage({ canOperate, isDemo, launch }: MarketsPageProps) {
  const query = useSources();
  const sync = (source: Source) => canOperate && <SyncAction source={source} launch={launch} />;
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader
        title="Markets"
        note={query.data && <>updated <Moment at={new Date(query.dataUpdatedAt).toISOString()} /></>}
        actions={canOperate && launch({ label: "Sync all", about: "All sources", start: syncAll, changes: CHANGES })}
      />
      {isDemo && (
        <p className="rounded-lg bg-accent-soft px-3 py-2 text-xs text-accent">
          This is the demo market: every source below is asked for real, but a venue simulator on this machine answers. Terms and keys do not matter until real data are loaded.
        </p>
      )}
      <MarketTiles />
      <QueryState
        query={query}
        skeleton={<div className="space-y-3">{Array.from({ length: 4 }, (_, index) => <Skeleton key={index} className="h-36" />)}</div>}
        empty={(data) =>
          data.results.every((source) => source.routes.length === 0) && (
            <div className="card"><EmptyState title="No source is registered">Starting the product enters them; an operator can also run <code>manage.py prepare</code>.</EmptyState></div>
          )
        }
      >
        {(data) => <SourceList sources={data.results} canReset={canOperate} sync={sync} />}
      </QueryState>
    </div>
  );
}
