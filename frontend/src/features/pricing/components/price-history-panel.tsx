import { useMemo, useState } from "react";

import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { usePriceHistory, type PriceHistory } from "../api/list-price-history";
import { toSeries } from "../hooks/price-series";
import { PriceLines } from "./price-lines";

const RANGES = [
  { value: "7d", label: "7 d", days: 7 },
  { value: "30d", label: "30 d", days: 30 },
  { value: "90d", label: "90 d", days: 90 },
  { value: "1y", label: "1 y", days: 365 },
  { value: "max", label: "Max", days: undefined },
] as const;

type Range = (typeof RANGES)[number]["value"];

function Lines({ history, daily, label }: { history: PriceHistory; daily: boolean; label: string }) {
  const series = useMemo(() => toSeries(history.records, { daily }), [history, daily]);
  return (
    <>
      <PriceLines series={series} label={label} />
      {history.isCut && <p className="mt-2 text-2xs text-muted">Only the newest {history.records.length} prices are drawn.</p>}
    </>
  );
}

/** Price history of one product: a line per source and price type, a range, gaps left as gaps. */
export function PriceHistoryPanel({ productId, productName }: { productId: string; productName: string }) {
  const [range, setRange] = useState<Range>("90d");
  const days = RANGES.find((option) => option.value === range)?.days;
  const query = usePriceHistory(productId, days);
  return (
    <Section
      title="Price history"
      note={`${range === "7d" ? "Recorded prices" : "The last price of each day"}, days in UTC. A break in a line is a time without prices.`}
      actions={<Segmented label="Range" value={range} options={RANGES} onChange={setRange} />}
    >
      <QueryState
        query={query}
        skeleton={<Skeleton className="h-72" />}
        empty={(data) =>
          data.records.length === 0 && (
            <EmptyState title="No prices in this range">
              {range === "max" ? "No source has priced this product yet." : "Choose a longer range."}
            </EmptyState>
          )
        }
      >
        {(data) => (
          <div className={query.isPlaceholderData ? "opacity-60" : undefined}>
            <Lines history={data} daily={range !== "7d"} label={`Price history of ${productName}`} />
          </div>
        )}
      </QueryState>
    </Section>
  );
}
