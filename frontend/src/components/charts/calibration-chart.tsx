import { approximate } from "@/lib/decimal";
import { formatCount, formatFraction } from "@/lib/format";
import { linearScale } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";

export interface DrawnBin {
  low: string;
  high: string;
  count: number;
  expected: string;
  realised: string;
  wilson_low: string;
  wilson_high: string;
}

const HEIGHT = 300;
const FRAME = { left: 44, right: 12, top: 12, bottom: 36 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const LARGEST = 9;
const SMALLEST = 3.5;

function describe(bins: readonly DrawnBin[]): string {
  const lines = bins.map(({ expected, realised, count }) => `${formatFraction(expected, 0)} stated, ${formatFraction(realised, 0)} came true of ${formatCount(count)}`);
  return `Stated chance against what came true. ${lines.join("; ")}.`;
}

/** Stated chance across, share that came true upwards: on the diagonal, chances mean what they say. */
export function CalibrationChart({ bins: all }: { bins: readonly DrawnBin[] }) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const bins = all.filter(({ count }) => count > 0);
  const x = linearScale([0, 1], [FRAME.left, width - FRAME.right]);
  const y = linearScale([0, 1], [HEIGHT - FRAME.bottom, FRAME.top]);
  const most = Math.max(...bins.map(({ count }) => count), 1);
  return (
    <div ref={frame}>
      <svg role="img" aria-label={describe(bins)} width={width} height={HEIGHT} className="block">
        <g className="fill-muted text-[11px]">
          {TICKS.map((tick) => (
            <g key={tick}>
              <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} className="stroke-line" />
              <text x={x(0) - 6} y={y(tick) + 4} textAnchor="end" className="num">{tick * 100}{"\u202F%"}</text>
              <text x={x(tick)} y={HEIGHT - 18} textAnchor={tick === 1 ? "end" : "middle"} className="num">{tick * 100}{"\u202F%"}</text>
            </g>
          ))}
          <text x={(x(0) + x(1)) / 2} y={HEIGHT - 3} textAnchor="middle">Stated chance of profit</text>
        </g>
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="stroke-line-strong" strokeDasharray="5 4" />
        {bins.map((bin) => {
          const at = x(approximate(bin.expected));
          const radius = SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(bin.count / most);
          return (
            <g key={bin.low}>
              <title>{`Stated ${formatFraction(bin.low, 0)} to ${formatFraction(bin.high, 0)}: ${formatFraction(bin.realised)} of ${formatCount(bin.count)} came true (95 % interval ${formatFraction(bin.wilson_low)} to ${formatFraction(bin.wilson_high)})`}</title>
              <line x1={at} x2={at} y1={y(approximate(bin.wilson_low))} y2={y(approximate(bin.wilson_high))} className="stroke-accent" strokeWidth={2} />
              {[bin.wilson_low, bin.wilson_high].map((end) => (
                <line key={end} x1={at - 4} x2={at + 4} y1={y(approximate(end))} y2={y(approximate(end))} className="stroke-accent" strokeWidth={2} />
              ))}
              <circle cx={at} cy={y(approximate(bin.realised))} r={radius} className="fill-accent-solid stroke-surface" strokeWidth={1.5} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}
