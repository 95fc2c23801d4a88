import { Link } from "@tanstack/react-router";

import { ShareBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { formatCount, formatFraction } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import { useCoverage } from "../api/get-coverage";

/** How many of the tracked products each source priced lately. */
export function CoveragePanel() {
  const query = useCoverage();
  return (
    <QueryState query={query} skeleton={<Skeleton className="h-64" />}>
      {({ window_hours: hours, tracked, fresh, share, by_source: sources, slots_per_cycle: slots }) => (
        <Section
          title="Coverage of the sources"
          note={`${formatCount(fresh)} of ${formatCount(tracked)} tracked products have a price of the last ${hours} hours (${formatFraction(share, 0)}); the pace allows ${formatCount(slots)} requests in that time.`}
          actions={<Link to="/markets" className="text-xs font-medium text-accent underline">All about the markets</Link>}
        >
          {sources.length === 0 ? <EmptyState title="No source has priced anything yet" /> : (
            <ul className="divide-y">
              {sources.map((row) => (
                <li key={row.source} className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 py-2.5 text-[0.8125rem] sm:grid-cols-[12rem_1fr_12rem]">
                  <span className="font-medium">{sourceName(row.source)}</span>
                  <ShareBar label={`Fresh products of ${sourceName(row.source)}`} part={row.fresh} whole={row.tracked} className="max-sm:order-last max-sm:col-span-2" />
                  <span className="num text-right text-xs text-muted"><span className="text-ink">{formatCount(row.fresh)}</span> of {formatCount(row.tracked)}, {formatFraction(row.share, 0)}</span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      )}
    </QueryState>
  );
}
