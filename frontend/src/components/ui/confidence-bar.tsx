import clsx from "clsx";

import { fillRatio, type Decimal } from "@/lib/decimal";

interface ConfidenceBarProps {
  score: Decimal;
  className?: string;
}

function colourOf(ratio: number): string {
  if (ratio >= 0.8) return "bg-gain-strong";
  return ratio >= 0.6 ? "bg-warn-strong" : "bg-loss-strong";
}

/** A score from 0 to 1 as a bar with ticks at the two thresholds of the risk rules, and the figure itself. */
export function ConfidenceBar({ score, className }: ConfidenceBarProps) {
  const ratio = fillRatio(score, "1");
  return (
    <span className={clsx("inline-flex items-center gap-2", className)}>
      <span aria-hidden className="relative h-1.5 w-12 overflow-hidden rounded-full bg-line">
        <span className={clsx("absolute inset-y-0 left-0", colourOf(ratio))} style={{ width: `${ratio * 100}%` }} />
        <span className="absolute inset-y-0 left-[60%] w-px bg-surface" />
        <span className="absolute inset-y-0 left-[80%] w-px bg-surface" />
      </span>
      <span className="num">{score}</span>
    </span>
  );
}
