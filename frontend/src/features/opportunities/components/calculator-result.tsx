import { ArrowDownIcon, ArrowUpIcon, MinusIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";
import type { ReactNode } from "react";

import { Margin, Money } from "@/components/ui/money";
import { Fact } from "@/components/ui/section";
import { formatChance, formatFraction, formatMoney, formatPercent, plural, toneOf } from "@/lib/format";
import { absolute } from "@/lib/decimal";

import type { Simulation } from "../api/shapes";

const ARROWS = { gain: ArrowUpIcon, loss: ArrowDownIcon, even: MinusIcon } as const;
const COLOURS = { gain: "text-gain", loss: "text-loss", even: "text-muted" } as const;
const WORDS = { gain: "more than", loss: "less than", even: "as" } as const;

/** By how much a figure differs from the server's: arrow, sign and colour. */
function Delta({ value, text }: { value: string | null; text: (value: string) => string }) {
  if (value === null) return null;
  const tone = toneOf(value);
  const Arrow = ARROWS[tone];
  return (
    <span className={clsx("num inline-flex items-center gap-0.5 text-xs font-medium", COLOURS[tone])}>
      <Arrow aria-hidden className="size-3.5" />
      {tone === "even" ? "same" : text(value)}
      <span className="sr-only"> {WORDS[tone]} the server states</span>
    </span>
  );
}

function Figure({ label, children, delta }: { label: string; children: ReactNode; delta: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-3 py-2.5">
      <dt className="text-2xs text-muted">{label}</dt>
      <dd className="num text-lg leading-6 font-semibold">{children}</dd>
      <dd>{delta}</dd>
    </div>
  );
}

const percentPoints = (value: string) => `${formatPercent(value, 1, "always").replace(/\s%$/u, "")} pts`;

/** What comes out, each figure with its difference to the server's. */
export function CalculatorResult({ simulation, isBehind }: { simulation: Simulation; isBehind: boolean }) {
  const { result, delta, assumptions } = simulation;
  const { currency } = result;
  return (
    <div aria-busy={isBehind} aria-live="polite" className={clsx("transition-opacity", isBehind && "opacity-60")}>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line">
        <Figure label="Net profit" delta={<Delta value={delta.net_profit} text={(value) => formatMoney(value, currency, "always")} />}>
          <Money amount={result.net_profit} currency={currency} signed />
        </Figure>
        <Figure label="Net margin" delta={<Delta value={delta.margin_percentage} text={percentPoints} />}>
          <Margin value={result.margin_percentage} />
        </Figure>
        <Figure
          label="Chance of profit"
          delta={<Delta value={delta.probability_of_profit} text={(value) => `${toneOf(value) === "loss" ? "−" : "+"}${formatFraction(absolute(value)).replace(/\s%$/u, "")} pts`} />}
        >
          {formatChance(result.probability_of_profit)}
        </Figure>
        <Figure label="Break-even" delta={<span className="text-2xs text-muted">what the cards must bring</span>}>
          <Money amount={result.total_cost} currency={currency} />
        </Figure>
      </dl>
      <dl className="mt-3">
        <Fact label={`Pay for ${plural(result.quantity, "product")}`}><Money amount={result.total_cost} currency={currency} /></Fact>
        <Fact label="Cards at market prices"><Money amount={result.gross_value} currency={currency} /></Fact>
        <Fact label={`What they bring, ${plural(result.lines_counted, "line")}`}><Money amount={result.net_value} currency={currency} /></Fact>
        <Fact label="5 % worst · 5 % best"><span className="num">{formatMoney(result.percentiles["5"], currency)} · {formatMoney(result.percentiles["95"], currency)}</span></Fact>
        <Fact label="Fees on average">{formatFraction(assumptions.fee_rate)}</Fact>
      </dl>
      <p className="mt-2 text-2xs text-muted">
        {assumptions.changed.length === 0 ? "Nothing changed: these are the server's own figures." : `Changed: ${plural(assumptions.changed.length, "assumption")}.`}
      </p>
    </div>
  );
}
