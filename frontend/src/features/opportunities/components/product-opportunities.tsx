import { Link } from "@tanstack/react-router";

import { Margin, Money } from "@/components/ui/money";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Section } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";
import { sourceName } from "@/lib/vocabulary";

import { useOpportunities } from "../api/list-opportunities";

/** The active opportunities of one sealed product. */
export function ProductOpportunities({ productId }: { productId: string }) {
  const query = useOpportunities({ sealed_product: productId, needs_review: "any", ordering: ["-rank_score"], page_size: 25 });
  return (
    <Section title="Opportunities" note="Active ones, also those held for review.">
      <QueryState
        query={query}
        skeleton={<Skeleton className="h-12" />}
        empty={(data) => data.results.length === 0 && <p className="text-[0.8125rem] text-muted">None at today's prices.</p>}
      >
        {(data) => (
          <ul className="-mx-2">
            {data.results.map((row) => (
              <li key={row.id}>
                <Link to="/opportunities/$id" params={{ id: row.id }} className="flex min-h-11 items-center gap-3 rounded-lg px-2 text-[0.8125rem] hover:bg-sunken">
                  <span className="min-w-0 flex-1 truncate">{row.buy_source === row.sell_source ? sourceName(row.buy_source) : `${sourceName(row.buy_source)} → ${sourceName(row.sell_source)}`}</span>
                  <RiskBadge level={row.risk_level} />
                  <Money amount={row.net_profit} currency={row.currency} signed />
                  <Margin value={row.margin_percentage} className="font-semibold" />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </Section>
  );
}
