import { ChevronLeftIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";

import type { OpportunityDetail } from "@/api/types";
import { QueryState, Skeleton } from "@/components/ui/states";
import { TabLinks } from "@/components/ui/tab-links";
import { useStreamRefresh } from "@/lib/sse";

import { opportunityKeys } from "../api/keys";
import { useOpportunity } from "../api/get-opportunity";
import type { Acting } from "../hooks/acting";
import { OPPORTUNITY_TABS, type OpportunityTab } from "../hooks/opportunity-tabs";
import { ContentsPanel } from "./contents-panel";
import { InputsPanel } from "./inputs-panel";
import { LegsPanel } from "./legs-panel";
import { OpportunityHeader } from "./opportunity-header";
import { RiskPanel } from "./risk-panel";
import { WaterfallPanel } from "./waterfall-panel";
import { WhyPanel } from "./why-panel";

const Calculator = lazy(() => import("./calculator"));
const SimulationPanel = lazy(() => import("./simulation-panel"));
const Timeline = lazy(() => import("./timeline"));

interface OpportunityPageProps {
  id: string;
  tab: OpportunityTab;
  onTab: (tab: OpportunityTab) => void;
  acting: Acting;
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

function Why({ opportunity }: { opportunity: OpportunityDetail }) {
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <div className="min-w-0 space-y-3">
        <WhyPanel id={opportunity.id} />
        <InputsPanel opportunity={opportunity} />
      </div>
      <div className="min-w-0 space-y-3">
        <WaterfallPanel id={opportunity.id} currency={opportunity.currency} />
        <RiskPanel id={opportunity.id} />
      </div>
    </div>
  );
}

function Part({ opportunity, tab, acting, prices }: Pick<OpportunityPageProps, "tab" | "acting" | "prices"> & { opportunity: OpportunityDetail }) {
  switch (tab) {
    case "contents":
      return (
        <div className="space-y-3">
          <LegsPanel opportunity={opportunity} />
          <ContentsPanel id={opportunity.id} currency={opportunity.currency} />
        </div>
      );
    case "calculator":
      return <Calculator opportunity={opportunity} acting={acting} />;
    case "prices":
      return prices(opportunity);
    case "simulation":
      return <SimulationPanel opportunity={opportunity} isAnonymous={acting.username === null} />;
    case "timeline":
      return <Timeline id={opportunity.id} />;
    default:
      return <Why opportunity={opportunity} />;
  }
}

/** One opportunity, explained, calculated with and acted on. */
export function OpportunityPage({ id, tab, onTab, acting, prices }: OpportunityPageProps) {
  const query = useOpportunity(id);
  useStreamRefresh(
    ["opportunity"],
    [opportunityKeys.detail(id), opportunityKeys.explanation(id), opportunityKeys.timeline(id), opportunityKeys.history(id)],
    (event) => event.id === id,
  );
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <Link to="/opportunities" className="inline-flex min-h-11 items-center gap-1 text-xs font-medium text-muted hover:text-ink sm:min-h-0">
        <ChevronLeftIcon aria-hidden className="size-4" />
        Opportunities
      </Link>
      <QueryState query={query} skeleton={LOADING}>
        {(opportunity) => (
          <>
            <OpportunityHeader opportunity={opportunity} acting={acting} />
            <TabLinks label="Parts of the opportunity" value={tab} tabs={OPPORTUNITY_TABS} onChange={onTab} />
            <Suspense fallback={<Skeleton className="h-96" />}>
              <Part opportunity={opportunity} tab={tab} acting={acting} prices={prices} />
            </Suspense>
          </>
        )}
      </QueryState>
    </div>
  );
}
