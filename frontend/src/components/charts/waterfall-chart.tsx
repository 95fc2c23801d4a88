import clsx from "clsx";

import type { WaterfallStep } from "@/api/types";
import { approximate } from "@/lib/decimal";
import { formatMoney, toneOf } from "@/lib/format";
import { linearScale } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";

const HEIGHT = 20;
const BAR = 12;

interface Bar {
  step: WaterfallStep;
  from: number;
  to: number;
  isTotal: boolean;
}

/** Where each bar starts and ends: the first and the last step stand on zero, the others hang on their predecessor. */
export function waterfallBars(steps: readonly WaterfallStep[]): Bar[] {
  let level = 0;
  return steps.map((step, index) => {
    const amount = approximate(step.amount);
    const isTotal = index === 0 || index === steps.length - 1;
    const from = isTotal ? 0 : level;
    const to = isTotal ? amount : level + amount;
    level = to;
    return { step, from, to, isTotal };
  });
}

function fillOf({ step, isTotal }: Bar, isLast: boolean): string {
  if (isLast) return toneOf(step.amount) === "loss" ? "fill-loss-strong" : "fill-gain-strong";
  if (isTotal) return "fill-accent-solid";
  return toneOf(step.amount) === "loss" ? "fill-loss-strong/75" : "fill-gain-strong/75";
}

interface WaterfallChartProps {
  steps: readonly WaterfallStep[];
  currency: string;
}

/** From gross value to net profit, one row per deduction. The list is the accessible form of the drawing. */
export function WaterfallChart({ steps, currency }: WaterfallChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const bars = waterfallBars(steps);
  const ends = bars.flatMap((bar) => [bar.from, bar.to]);
  const x = linearScale([Math.min(0, ...ends), Math.max(0, ...ends)], [0, Math.max(width, 1)]);
  return (
    <div ref={frame}>
      <ol className="space-y-0.5">
        {bars.map((bar, index) => {
          const isLast = index === bars.length - 1;
          const left = Math.min(x(bar.from), x(bar.to));
          return (
            <li key={`${bar.step.label} ${index}`} className={clsx(isLast && "mt-1 border-t pt-1.5")}>
              <div className="flex items-baseline justify-between gap-3 text-xs">
                <span className={clsx(bar.isTotal ? "font-semibold" : "text-muted")}>{bar.step.label}</span>
                <span className={clsx("num", bar.isTotal && "font-semibold", isLast && (toneOf(bar.step.amount) === "loss" ? "text-loss" : "text-gain"))}>
                  {formatMoney(bar.step.amount, currency, bar.isTotal && !isLast ? "auto" : "always")}
                </span>
              </div>
              <svg aria-hidden width={width} height={HEIGHT} className="block overflow-visible">
                <rect x={left} y={2} width={Math.max(1.5, Math.abs(x(bar.to) - x(bar.from)))} height={BAR} rx={2} className={fillOf(bar, isLast)} />
              </svg>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
