import type { ReactNode } from "react";

import type { Source } from "@/api/types";
import { Freshness } from "@/components/ui/freshness";
import { ShareBar } from "@/components/ui/progress-bar";
import { formatCount, formatFraction } from "@/lib/format";
import { categoryName } from "@/lib/vocabulary";

import { attributionsOf, sourceState } from "../hooks/route-state";
import { RouteStateBadge } from "./state-badge";

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-2xs font-normal text-muted">{label}</dt>
      <dd className="num text-xs font-medium">{children}</dd>
    </div>
  );
}

function CoverageFigure({ source }: { source: Source }) {
  const { fresh, tracked, share } = source.coverage;
  return (
    <div className="w-36">
      <dt className="text-2xs font-normal text-muted">Fresh products</dt>
      <dd className="num text-xs font-medium">
        {tracked === 0 ? "none tracked" : `${formatCount(fresh)} of ${formatCount(tracked)}, ${formatFraction(share, 0)}`}
        {tracked > 0 && <ShareBar label={`Fresh products of ${source.name}`} part={fresh} whole={tracked} className="mt-1" />}
      </dd>
    </div>
  );
}

/** What a source is: name, state, games, whose data. */
export function SourceName({ source }: { source: Source }) {
  const credits = attributionsOf([source]);
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-2">
        <span className="text-sm font-semibold">{source.name}</span>
        <RouteStateBadge state={sourceState(source)} />
      </p>
      <p className="mt-0.5 text-2xs font-normal text-muted">{source.categories.map(categoryName).join(", ")}</p>
      {credits.length > 0 && <p className="text-2xs font-normal text-muted">{credits.join(" · ")}</p>}
    </div>
  );
}

/** What a source brought. */
export function SourceFigures({ source, className }: { source: Source; className: string }) {
  return (
    <dl className={className}>
      <CoverageFigure source={source} />
      <Figure label="Newest price"><Freshness at={source.newest_price_at} /></Figure>
      <Figure label="Stored, 24 h">{formatCount(source.prices_24h)}</Figure>
      <Figure label="Held, 24 h">{formatCount(source.quarantined_24h)}</Figure>
    </dl>
  );
}
