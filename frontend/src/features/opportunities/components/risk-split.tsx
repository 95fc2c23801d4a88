import { Link } from "@tanstack/react-router";

import { RiskBadge } from "@/components/ui/risk-badge";
import { Section } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";
import { formatCount } from "@/lib/format";
import { CATEGORIES } from "@/lib/vocabulary";

import { useSummary } from "../api/get-summary";
import { RISK_LEVELS } from "../hooks/screener-search";

const FILLS = { low: "bg-gain-strong", medium: "bg-warn-strong", high: "bg-loss-strong" } as const;

/** How the active opportunities divide by risk and by game. */
export function RiskSplit() {
  const query = useSummary();
  return (
    <Section title="By risk and game">
      <QueryState query={query} skeleton={<Skeleton className="h-44" />}>
        {(data) => {
          const total = Math.max(1, RISK_LEVELS.reduce((sum, level) => sum + data.by_risk[level], 0));
          return (
            <>
              <div aria-hidden className="flex h-2.5 gap-0.5 overflow-hidden rounded-full bg-line">
                {RISK_LEVELS.map((level) => (
                  <span key={level} className={FILLS[level]} style={{ width: `${(data.by_risk[level] / total) * 100}%` }} />
                ))}
              </div>
              <ul className="mt-3">
                {RISK_LEVELS.map((level) => (
                  <li key={level}>
                    <Link to="/opportunities" search={{ risk_level: [level] }} className="flex min-h-11 items-center justify-between rounded-md px-1 hover:bg-sunken sm:min-h-8">
                      <RiskBadge level={level} suffix=" risk" />
                      <span className="num text-[0.8125rem] font-medium">{formatCount(data.by_risk[level])}</span>
                    </Link>
                  </li>
                ))}
              </ul>
              <ul className="mt-2 border-t pt-2">
                {CATEGORIES.filter(({ value }) => data.by_category[value]).map(({ value: category, label }) => (
                  <li key={category}>
                    <Link to="/opportunities" search={{ category }} className="flex min-h-11 items-center justify-between rounded-md px-1 text-[0.8125rem] hover:bg-sunken sm:min-h-8">
                      {label}
                      <span className="num font-medium">{formatCount(data.by_category[category] ?? 0)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </QueryState>
    </Section>
  );
}
