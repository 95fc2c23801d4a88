import { Link } from "@tanstack/react-router";

import type { OpportunityQuery } from "@/api/types";
import { ConfidenceBar } from "@/components/ui/confidence-bar";
import { Freshness } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { ProductTile } from "@/components/ui/product-tile";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { useOpportunities } from "../api/list-opportunities";

const QUERY: OpportunityQuery = { ordering: ["-rank_score"], page: 1, page_size: 10 };

/** The ten best by rank. */
export function TopList() {
  const query = useOpportunities(QUERY);
  return (
    <Section
      title="Best right now"
      note="Ranked by net margin and confidence, weighed by risk."
      bodyClass="pb-1"
      actions={<Link to="/opportunities" search={{ view: "all" }} className="text-xs font-medium text-accent hover:underline max-sm:min-h-11 max-sm:py-3">All opportunities</Link>}
    >
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4">{Array.from({ length: 10 }, (_, index) => <Skeleton key={index} className="h-12" />)}</div>}
        empty={(data) => data.results.length === 0 && <EmptyState title="No opportunities yet">Import prices and run an analysis.</EmptyState>}
      >
        {(data) => (
          <ol>
            {data.results.map((row, index) => (
              <li key={row.id} className="border-t">
                <Link to="/opportunities/$id" params={{ id: row.id }} className="flex items-center gap-x-3 px-4 py-2.5 hover:bg-sunken sm:gap-x-4 sm:px-5">
                  <span className="num w-4 text-xs text-muted max-sm:hidden">{index + 1}</span>
                  <ProductTile setCode={row.sealed_product.set_code} category={row.sealed_product.category} />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate text-[0.8125rem] font-medium">{row.sealed_product.name}</span>
                    <span className="block truncate text-2xs text-muted">{row.sealed_product.set_name}</span>
                  </span>
                  <span className="text-[0.8125rem] max-lg:hidden"><ConfidenceBar score={row.confidence_score} /></span>
                  <span className="w-20 max-md:hidden"><RiskBadge level={row.risk_level} /></span>
                  <span className="w-16 text-xs text-muted max-lg:hidden"><Freshness at={row.oldest_price_at} /></span>
                  <span className="flex shrink-0 flex-col-reverse text-right text-[0.8125rem] sm:flex-row sm:items-center">
                    <span className="sm:w-20"><Money amount={row.net_profit} currency={row.currency} signed /></span>
                    <span className="font-semibold sm:w-18"><Margin value={row.margin_percentage} /></span>
                  </span>
                </Link>
              </li>
            ))}
          </ol>
        )}
      </QueryState>
    </Section>
  );
}
