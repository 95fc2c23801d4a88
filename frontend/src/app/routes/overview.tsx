import { PageHeader } from "@/components/ui/page-header";
import { RiskSplit } from "@/features/opportunities/components/risk-split";
import { SummaryTiles } from "@/features/opportunities/components/summary-tiles";
import { TopList } from "@/features/opportunities/components/top-list";

export function OverviewRoute() {
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader title="Overview" />
      <SummaryTiles />
      <div className="grid items-start gap-3 lg:grid-cols-[3fr_1fr]">
        <TopList />
        <RiskSplit />
      </div>
    </div>
  );
}
