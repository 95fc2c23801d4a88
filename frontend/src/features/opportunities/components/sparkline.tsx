import { approximate } from "@/lib/decimal";
import { linearScale } from "@/lib/scale";

interface SparklineProps {
  prices: readonly string[];
  label: string;
  width?: number;
  height?: number;
}

const EDGE = 2.5;

/** A course in a row: no axis, the last point marked. The label says it in words. */
export function Sparkline({ prices, label, width = 64, height = 20 }: SparklineProps) {
  const values = prices.map(approximate);
  const x = linearScale([0, Math.max(1, values.length - 1)], [EDGE, width - EDGE]);
  const y = linearScale([Math.min(...values), Math.max(...values)], [height - EDGE, EDGE]);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  const last = values.at(-1) ?? 0;
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="block text-[var(--series-1)]">
      <title>{label}</title>
      <polyline points={points.join(" ")} fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinejoin="round" />
      <circle cx={x(values.length - 1)} cy={y(last)} r={2} fill="currentColor" />
    </svg>
  );
}
