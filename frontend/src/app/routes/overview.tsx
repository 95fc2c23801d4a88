import { PageHeader } from "@/components/ui/page-header";
import { FreshnessCard } from "@/features/markets/components/freshness-card";
import { Movers } from "@/features/opportunities/components/movers";
import { RiskSplit } from "@/features/opportunities/components/risk-split";
import { SummaryTiles } from "@/features/opportunities/components/summary-tiles";
import { TopList } from "@/features/opportunities/components/top-list";

import { PageCredits } from "../shell/page-credits";

export function OverviewRoute() {
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader title="Overview" />
      <SummaryTiles />
      <div className="grid items-start gap-3 lg:grid-cols-[3fr_1fr]">
        <div className="min-w-0 space-y-3">
          <TopList />
          <Movers />
        </div>
        <div className="space-y-3">
          <FreshnessCard />
          <RiskSplit />
        </div>
      </div>
      <PageCredits />
    </div>
  );
}
