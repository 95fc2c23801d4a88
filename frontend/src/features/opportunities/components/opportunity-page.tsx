import { ChevronLeftIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { OpportunityDetail } from "@/api/types";
import { QueryState, Skeleton } from "@/components/ui/states";

import { useOpportunity } from "../api/get-opportunity";
import { ContentsPanel } from "./contents-panel";
import { DistributionPanel } from "./distribution-panel";
import { InputsPanel } from "./inputs-panel";
import { OpportunityHeader } from "./opportunity-header";
import { RiskPanel } from "./risk-panel";
import { WaterfallPanel } from "./waterfall-panel";
import { WhyPanel } from "./why-panel";

interface OpportunityPageProps {
  id: string;
  /** The price history of the sealed product, which another feature draws. */
  prices: (opportunity: OpportunityDetail) => ReactNode;
}

const LOADING = (
  <div className="space-y-3">
    <Skeleton className="h-52" />
    <div className="grid gap-3 lg:grid-cols-2">
      <Skeleton className="h-96" />
      <Skeleton className="h-96" />
    </div>
  </div>
);

/** One opportunity, explained. */
export function OpportunityPage({ id, prices }: OpportunityPageProps) {
  const query = useOpportunity(id);
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <Link to="/opportunities" className="inline-flex min-h-11 items-center gap-1 text-xs font-medium text-muted hover:text-ink sm:min-h-0">
        <ChevronLeftIcon aria-hidden className="size-4" />
        Opportunities
      </Link>
      <QueryState query={query} skeleton={LOADING}>
        {(opportunity) => (
          <>
            <OpportunityHeader opportunity={opportunity} />
            <div className="grid items-start gap-3 lg:grid-cols-2">
              <WhyPanel id={id} />
              <div className="min-w-0 space-y-3">
                <WaterfallPanel id={id} currency={opportunity.currency} />
                <RiskPanel id={id} />
              </div>
            </div>
            <DistributionPanel id={id} />
            <ContentsPanel id={id} currency={opportunity.currency} />
            <div className="grid items-start gap-3 lg:grid-cols-[2fr_1fr]">
              {prices(opportunity)}
              <InputsPanel opportunity={opportunity} />
            </div>
          </>
        )}
      </QueryState>
    </div>
  );
}
