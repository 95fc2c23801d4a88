import type { Explanation } from "@/api/types";
import { WaterfallChart } from "@/components/charts/waterfall-chart";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { plural } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import { useExplanation } from "../api/explain-opportunity";

/** What a store's buylist pays at once; the margin does not use it. */
function InstantSaleLine({ sale }: { sale: NonNullable<Explanation["instant_sale"]> }) {
  return (
    <p className="mt-3 text-xs text-muted">
      Sold at once to {sourceName(sale.source)}: <Money amount={sale.value} currency={sale.currency} className="font-medium text-ink" /> expected for {plural(sale.lines_counted, "card")} it buys. Not part of the margin.
    </p>
  );
}

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
        {(data) => (
          <>
            <WaterfallChart steps={data.waterfall} currency={currency} />
            {data.instant_sale && <InstantSaleLine sale={data.instant_sale} />}
          </>
        )}
      </QueryState>
    </Section>
  );
}
