import { approximate } from "@/lib/decimal";
import { formatMoney } from "@/lib/format";
import { linearScale, niceTicks } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";

export interface SignedBar {
  key: string;
  /** Under the chart where there is room, and in the tooltip. */
  label: string;
  value: string | null;
  /** Drawn as a line across the bar, e.g. what was expected. */
  mark?: string | null;
}

interface SignedBarsProps {
  label: string;
  currency: string;
  bars: readonly SignedBar[];
  markName?: string;
  height?: number;
}

const LEFT = 64;
const BOTTOM = 22;
const TOP = 8;
const LABEL_WIDTH = 64;

/** Gains up, losses down, one bar per group, each with an optional mark. */
export function SignedBars({ label, currency, bars, markName = "expected", height = 220 }: SignedBarsProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const figures = bars.flatMap(({ value, mark }) => [approximate(value), approximate(mark)]);
  const [low, high] = [Math.min(0, ...figures), Math.max(0, ...figures)];
  const y = linearScale([low, high === low ? low + 1 : high], [height - BOTTOM, TOP]);
  const step = (width - LEFT) / Math.max(1, bars.length);
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / step));
  const thick = Math.max(1.5, Math.min(48, step * 0.7));
  const text = (bar: SignedBar) => `${bar.label}: ${formatMoney(bar.value, currency, "always")}${bar.mark === undefined ? "" : `, ${markName} ${formatMoney(bar.mark, currency, "always")}`}`;
  return (
    <div ref={frame}>
      <svg role="img" aria-label={`${label}. ${bars.length <= 12 ? bars.map(text).join("; ") : `${bars.length} bars`}.`} width={width} height={height} className="block">
        {niceTicks(low, high === low ? low + 1 : high, 4).map((tick) => (
          <g key={tick} className="fill-muted text-[11px]">
            <line x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} className={tick === 0 ? "stroke-line-strong" : "stroke-line"} />
            <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end" className="num">{formatMoney(String(tick), currency).replace(/\.00$/, "")}</text>
          </g>
        ))}
        {bars.map((bar, index) => {
          const middle = LEFT + step * (index + 0.5);
          const value = approximate(bar.value);
          return (
            <g key={bar.key}>
              <title>{text(bar)}</title>
              <rect x={LEFT + step * index} y={TOP} width={step} height={height - BOTTOM - TOP} className="fill-transparent" />
              {bar.value !== null && <rect x={middle - thick / 2} y={Math.min(y(0), y(value))} width={thick} height={Math.max(1, Math.abs(y(value) - y(0)))} rx={Math.min(2, thick / 4)} className={value < 0 ? "fill-loss-strong" : "fill-gain-strong"} />}
              {bar.mark !== undefined && bar.mark !== null && <line x1={middle - thick / 2 - 3} x2={middle + thick / 2 + 3} y1={y(approximate(bar.mark))} y2={y(approximate(bar.mark))} className="stroke-ink" strokeWidth={2} />}
              {index % every === 0 && <text x={middle} y={height - 6} textAnchor="middle" className="num fill-muted text-[11px]">{bar.label}</text>}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
