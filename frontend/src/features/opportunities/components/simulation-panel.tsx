import { useState } from "react";

import type { Distribution, OpportunityDetail } from "@/api/types";
import { DistributionChart } from "@/components/charts/distribution-chart";
import { Button } from "@/components/ui/button";
import { ChoiceField } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { Stat } from "@/components/ui/stat";
import { compareDecimals, isDecimal } from "@/lib/decimal";
import { formatChance, formatCount, formatMoney, humanise, plural } from "@/lib/format";

import type { SamplePack, SimulationResult } from "../api/shapes";
import { useSimulation } from "../api/simulate";
import { DistributionPanel } from "./distribution-panel";

const QUANTITIES = ["1", "2", "6", "12", "36"].map((value) => ({ value, label: `${value} ${value === "1" ? "product" : "products"}` }));
const TRIALS = ["1000", "5000", "20000"].map((value) => ({ value, label: `${formatCount(Number(value))} openings` }));

function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}

/** The simulated result in the form in which distributions are drawn. */
export function toDistribution(result: SimulationResult): Distribution {
  return {
    currency: result.currency,
    mean: result.net_value,
    standard_deviation: result.standard_deviation,
    standard_error: "0.00",
    percentiles: result.percentiles,
    probability_of_profit: result.probability_of_profit,
    break_even: result.total_cost,
    points: result.points,
  };
}

function Sample({ pack, index, result }: { pack: SamplePack; index: number; result: SimulationResult }) {
  const perUnit = isDecimal(result.total_cost) && result.quantity === 1 ? result.total_cost : null;
  const wins = perUnit !== null && compareDecimals(pack.value, perUnit) > 0;
  return (
    <li className="rounded-lg border p-3">
      <p className="flex items-baseline justify-between gap-2 text-[0.8125rem]">
        <span className="font-semibold">Opening {index + 1}</span>
        <span className={`num font-semibold ${perUnit === null ? "" : wins ? "text-gain" : "text-loss"}`}>
          {formatMoney(pack.value, result.currency)}
          {perUnit !== null && <span className="sr-only">, {wins ? "a profit" : "a loss"}</span>}
        </span>
      </p>
      <ul className="mt-1.5 space-y-0.5 text-xs text-muted">
        {pack.cards.map((card) => (
          <li key={`${card.name} ${card.finish}`} className="flex justify-between gap-2">
            <span className="min-w-0 truncate">
              {card.quantity > 1 && `${card.quantity} × `}{card.name}
              {card.finish && card.finish !== "nonfoil" && ` (${humanise(card.finish).toLowerCase()})`}
            </span>
            <Money amount={card.price} currency={result.currency} />
          </li>
        ))}
        {pack.cards.length === 0 && <li>Nothing worth naming</li>}
      </ul>
    </li>
  );
}

function Outcome({ result }: { result: SimulationResult }) {
  const { currency, percentiles, simulation } = result;
  return (
    <>
      <dl className="mb-4 grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-4 [&>*]:bg-surface">
        <Stat label="Chance of profit" hint={simulation && `${formatChance(simulation.loss_probability)} of the openings lost`}>{formatChance(result.probability_of_profit)}</Stat>
        <Stat label="Break-even" hint={`for ${plural(result.quantity, "product")}`}><Money amount={result.total_cost} currency={currency} /></Stat>
        <Stat label="Bad day, 5 %" hint="one in twenty brings less"><Money amount={percentiles["5"]} currency={currency} /></Stat>
        <Stat label="Lucky day, 95 %" hint="one in twenty brings more"><Money amount={percentiles["95"]} currency={currency} /></Stat>
      </dl>
      <DistributionChart distribution={toDistribution(result)} />
      {simulation && (
        <>
          <p className="num mt-3 text-xs text-muted">
            {formatCount(simulation.trials)} openings by dice, seed {simulation.seed}: mean {formatMoney(simulation.mean, currency)}, computed {formatMoney(result.net_value, currency)}.
          </p>
          <h3 className="mt-4 mb-2 text-[0.8125rem] font-semibold">Sample openings <span className="font-normal text-muted">of one product each, with their best cards</span></h3>
          <ul className="grid gap-2 md:grid-cols-3">
            {simulation.sample_packs.map((pack, index) => <Sample key={index} pack={pack} index={index} result={result} />)}
          </ul>
        </>
      )}
    </>
  );
}

/** Opening many of it: the spread of outcomes, and what single openings look like. */
export default function SimulationPanel({ opportunity, isAnonymous }: { opportunity: OpportunityDetail; isAnonymous: boolean }) {
  const [quantity, setQuantity] = useState("1");
  const [trials, setTrials] = useState("5000");
  const [seed, setSeed] = useState(7);
  const query = useSimulation(opportunity.id, { quantity: Number(quantity), trials: Number(trials), seed }, !isAnonymous);
  if (isAnonymous) return <DistributionPanel id={opportunity.id} />;
  return (
    <Section title="Simulation" note="What the cards of one purchase bring after floor, fees and postage. Green bars end with a profit; the same seed gives the same openings.">
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <ChoiceField label="Buy" value={quantity} options={QUANTITIES} onChange={setQuantity} />
        <ChoiceField label="Simulate" value={trials} options={TRIALS} onChange={setTrials} />
        <Button onClick={() => setSeed(newSeed())}>Roll again</Button>
      </div>
      <QueryState
        query={query}
        skeleton={<Skeleton className="h-96" />}
        empty={(data) => data.result.points.length === 0 && <EmptyState title="Nothing random inside">The contents are certain, so there is nothing to simulate.</EmptyState>}
      >
        {(data) => (
          <div aria-busy={query.isPlaceholderData} className={query.isPlaceholderData ? "opacity-60" : undefined}>
            <Outcome result={data.result} />
          </div>
        )}
      </QueryState>
    </Section>
  );
}
