import { Link } from "@tanstack/react-router";

import { ShareBar } from "@/components/ui/progress-bar";
import { QueryState, Skeleton } from "@/components/ui/states";
import { formatCount, formatFraction, plural } from "@/lib/format";

import { useCoverage } from "../api/get-coverage";
import { useSources } from "../api/get-sources";
import { totalsOf } from "../hooks/route-state";

/** How fresh the market data are, in one tile that leads to the markets. */
export function FreshnessCard() {
  const coverage = useCoverage();
  const sources = useSources();
  const totals = sources.data && totalsOf(sources.data.results);
  return (
    <QueryState query={coverage} skeleton={<Skeleton className="h-26" />}>
      {({ fresh, tracked, share, window_hours: hours }) => (
        <Link to="/markets" className="card block p-4 transition-colors hover:border-line-strong hover:bg-sunken">
          <span className="block text-xs text-muted">Market data</span>
          <span className="num mt-1 block text-2xl font-semibold tracking-tight">{tracked > 0 ? formatFraction(share, 0) : "–"}</span>
          <span className="num mt-1 block text-2xs text-muted">
            {tracked > 0 ? `${formatCount(fresh)} of ${formatCount(tracked)} products priced within ${hours} h` : "no product is tracked yet"}
          </span>
          {tracked > 0 && <ShareBar label={`Products priced within ${hours} hours`} part={fresh} whole={tracked} className="mt-2" />}
          {totals && (
            <span className={totals.failing.length > 0 ? "mt-2 block text-2xs font-medium text-loss" : "mt-2 block text-2xs text-muted"}>
              {totals.failing.length > 0 ? `Failing: ${totals.failing.join(", ")}` : `${plural(totals.running, "source")} running, none failing`}
            </span>
          )}
        </Link>
      )}
    </QueryState>
  );
}
