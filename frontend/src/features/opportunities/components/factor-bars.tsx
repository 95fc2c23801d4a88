import type { Factor, FactorName, Factors } from "@/api/types";
import { fillRatio } from "@/lib/decimal";
import { formatDecimal } from "@/lib/format";

import { describeInput } from "../hooks/factor-inputs";

const FACTORS: Record<FactorName, { name: string; meaning: string }> = {
  price_stability: { name: "Price stability", meaning: "Calm daily prices of the sealed product and of what is in it" },
  seller_count: { name: "Few sellers", meaning: "Fewer sellers leave more of the chance to you" },
  volume_history: { name: "Sales volume", meaning: "How often and how many are sold" },
  margin_size: { name: "Margin size", meaning: "Full from 20 % to 80 %; beyond, it gets too good to be true" },
};

export const FACTOR_ORDER: readonly FactorName[] = ["price_stability", "seller_count", "volume_history", "margin_size"];


function Bar({ factor, label }: { factor: Factor; label: string }) {
  const ratio = fillRatio(factor.score, "1");
  return (
    <div className="h-2 overflow-hidden rounded-full bg-line" role="img" aria-label={`${label}: ${formatDecimal(factor.score)} of 1`}>
      <div className="h-full rounded-full bg-accent-solid" style={{ width: `${ratio * 100}%` }} />
    </div>
  );
}

interface FactorBarsProps {
  factors: Factors;
  score: string;
  /** Leave out the meaning and inputs of each factor. */
  isBrief?: boolean;
}

/** The confidence score as the weighted sum it is: four bars, each with its weight and inputs. */
export function FactorBars({ factors, score, isBrief = false }: FactorBarsProps) {
  const known = FACTOR_ORDER.filter((name) => name in factors);
  return (
    <div>
      <p className="num text-xs text-muted">
        <strong className="text-sm text-ink">{score}</strong> ={" "}
        {known.map((name) => `${factors[name].weight} × ${formatDecimal(factors[name].score)}`).join(" + ")}
      </p>
      <ul className={isBrief ? "mt-2 space-y-2.5" : "mt-4 space-y-4"}>
        {known.map((name) => {
          const factor = factors[name];
          const inputs = Object.entries(factor.inputs);
          return (
            <li key={name}>
              <div className="mb-1 flex items-baseline justify-between gap-3 text-[0.8125rem]">
                <span className="font-medium">{FACTORS[name].name}</span>
                <span className="num text-xs text-muted">
                  <span className="text-ink">{formatDecimal(factor.score)}</span> × {factor.weight}
                </span>
              </div>
              <Bar factor={factor} label={FACTORS[name].name} />
              {!isBrief && (
                <p className="mt-1 text-xs text-muted">
                  {FACTORS[name].meaning}
                  {inputs.length > 0 && (
                    <span className="num">. {inputs.map(([key, value]) => describeInput(key, value)).join(" · ")}</span>
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
