import type { Distribution } from "@/api/types";
import { DistributionChart } from "@/components/charts/distribution-chart";
import { PERCENTILES } from "@/components/charts/distribution-geometry";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { compareDecimals } from "@/lib/decimal";
import { formatChance, formatMoney } from "@/lib/format";

import { useExplanation } from "../api/explain-opportunity";

const NAMES = { "5": "Bad day (5 %)", "25": "25 %", "50": "Median", "75": "75 %", "95": "Lucky day (95 %)" } as const;

function Figures({ distribution }: { distribution: Distribution }) {
  const { currency, percentiles, break_even: breakEven } = distribution;
  const cells = [
    ...PERCENTILES.map((name) => ({ name: NAMES[name], value: percentiles[name], isPlain: false })),
    { name: "Mean", value: distribution.mean, isPlain: false },
    { name: "Std deviation", value: distribution.standard_deviation ?? undefined, isPlain: true },
  ];
  return (
    <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4 lg:grid-cols-7">
      {cells.map(({ name, value, isPlain }) => {
        const wins = value !== undefined && !isPlain && compareDecimals(value, breakEven) > 0;
        return (
          <div key={name}>
            <dt className="text-2xs text-muted">{name}</dt>
            <dd className={`num text-[0.8125rem] font-medium ${wins ? "text-gain" : ""}`}>{formatMoney(value, currency)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** What one unit may turn out to be worth, with the line where profit starts. */
export function DistributionPanel({ id }: { id: string }) {
  const explanation = useExplanation(id);
  const distribution = explanation.data?.distribution;
  return (
    <Section
      title="What one unit may be worth"
      note="What the cards bring after floor, fees and postage. Green bars end with a profit; the box holds the middle half of all outcomes, the outermost bars everything beyond them."
      actions={
        distribution && (
          <p className="text-right">
            <span className="num block text-lg leading-6 font-semibold text-gain">{formatChance(distribution.probability_of_profit)}</span>
            <span className="block text-2xs text-muted">chance of profit</span>
          </p>
        )
      }
    >
      <QueryState
        query={explanation}
        skeleton={<Skeleton className="h-60" />}
        empty={(data) =>
          (!data.distribution || data.distribution.points.length === 0) && (
            <EmptyState title="No distribution">The contents hold nothing random that has a price, so there is nothing to draw.</EmptyState>
          )
        }
      >
        {(data) =>
          data.distribution && (
            <>
              <DistributionChart distribution={data.distribution} />
              <Figures distribution={data.distribution} />
            </>
          )
        }
      </QueryState>
    </Section>
  );
}
