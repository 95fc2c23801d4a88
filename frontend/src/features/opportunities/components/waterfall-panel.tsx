import { WaterfallChart } from "@/components/charts/waterfall-chart";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { useExplanation } from "../api/explain-opportunity";

/** From what the cards are worth to what is left. */
export function WaterfallPanel({ id, currency }: { id: string; currency: string }) {
  const explanation = useExplanation(id);
  return (
    <Section title="Where the money goes" note="Expected, for one unit: gross value, every deduction, what is left.">
      <QueryState
        query={explanation}
        skeleton={<Skeleton className="h-64" />}
        empty={(data) => data.waterfall.length === 0 && <EmptyState title="No breakdown for this opportunity" />}
      >
        {(data) => <WaterfallChart steps={data.waterfall} currency={currency} />}
      </QueryState>
    </Section>
  );
}
