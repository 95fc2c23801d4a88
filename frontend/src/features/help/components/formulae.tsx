import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Explanation, Opportunity } from "@/api/types";
import { formatDecimal, formatMoney, formatPercent } from "@/lib/format";

export interface Example {
  opportunity: Opportunity;
  explanation: Explanation;
}

const FACTORS = [
  { name: "price_stability", label: "price stability", weight: "0.3", meaning: "calm daily prices of the box and of what is in it: min(1, n/14) / (1 + (v / 5 %)²) with n daily returns of volatility v" },
  { name: "seller_count", label: "few sellers", weight: "0.2", meaning: "10 / (9 + n) for n sellers near the lowest offer; unknown counts 0" },
  { name: "volume_history", label: "sales volume", weight: "0.2", meaning: "√(A · L): A the share of the last 30 days with a sale, L = X / (X + 30) for X copies sold; judged by stock alone, at most 0.5" },
  { name: "margin_size", label: "margin size", weight: "0.3", meaning: "rises to 1 at 20 %, stays until 80 %, falls to 0 at 300 %: too good is suspicious" },
] as const;

function Formula({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="space-y-1.5">
      <h3 className="text-[0.8125rem] font-semibold">{title}</h3>
      <p className="num rounded-lg bg-sunken px-3 py-2 text-[0.8125rem]">{text}</p>
      <div className="text-xs text-muted">{children}</div>
    </div>
  );
}

function Now({ children }: { children: ReactNode }) {
  return <p className="num mt-1 text-ink"><span className="mr-1.5 rounded bg-accent-soft px-1 text-2xs font-semibold text-accent">now</span>{children}</p>;
}

function MarginFormula({ opportunity: row }: { opportunity: Opportunity | undefined }) {
  return (
    <Formula title="Net margin" text="(value after fees − total cost) / total cost × 100">
      Costs are rounded up and margins down, so that rounding never makes a profit.
      {row && <Now>({formatMoney(row.singles_value, row.currency)} − {formatMoney(row.total_cost, row.currency)}) / {formatMoney(row.total_cost, row.currency)} = {formatPercent(row.margin_percentage, 2, "always")}</Now>}
    </Formula>
  );
}

function ConfidenceFormula({ explanation }: { explanation: Explanation | undefined }) {
  const confidence = explanation?.confidence;
  return (
    <Formula title="Confidence" text="0.3 × stability + 0.2 × sellers + 0.2 × volume + 0.3 × margin size">
      <ul className="list-disc space-y-0.5 pl-4">{FACTORS.map(({ name, label, meaning }) => <li key={name}><span className="font-medium text-ink">{label}</span>: {meaning}</li>)}</ul>
      {confidence && (
        <Now>
          {FACTORS.map(({ name, weight }) => `${confidence.factors[name]?.weight ?? weight} × ${formatDecimal(confidence.factors[name]?.score ?? "0")}`).join(" + ")} = {confidence.score}
        </Now>
      )}
    </Formula>
  );
}

function RiskFormula({ opportunity: row }: { opportunity: Opportunity | undefined }) {
  return (
    <Formula title="Risk level" text="low: confidence ≥ 0.80 and margin ≥ 50 %; medium: ≥ 0.60 and ≥ 30 %; else high">
      From a margin of 300 % a person must look first.
      {row && <Now>confidence {row.confidence_score}, margin {formatPercent(row.margin_percentage)}: {row.risk_level}</Now>}
    </Formula>
  );
}

/** How the figures come about, with those of the best opportunity of the moment. */
export function Formulae({ example }: { example: Example | null }) {
  const row = example?.opportunity;
  return (
    <div className="space-y-5">
      {row && <p className="text-xs text-muted">The figures marked “now” are those of <Link to="/opportunities/$id" params={{ id: row.id }} className="font-medium text-accent underline">{row.sealed_product.name}</Link>, the best opportunity of the moment.</p>}
      <MarginFormula opportunity={row} />
      <ConfidenceFormula explanation={example?.explanation} />
      <RiskFormula opportunity={row} />
      <Formula title="Value of a box" text="Σ expected copies × (price × (1 − fee) − fixed cost), over cards above the floor">
        Expected copies follow from what the maker states: a guaranteed card counts whole, a pulled one by its rate. How far one box may lie from that mean is shown as a distribution.
        {row && <Now>{formatMoney(row.singles_value, row.currency)} after fees of {formatMoney(row.gross_singles_value, row.currency)} gross, over {row.lines_counted} cards</Now>}
      </Formula>
    </div>
  );
}
