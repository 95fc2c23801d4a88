import { useState, type PointerEvent } from "react";

import type { Distribution } from "@/api/types";
import { formatChance, formatMoney } from "@/lib/format";
import { niceTicks } from "@/lib/scale";
import { useWidth } from "@/lib/use-width";

import { chanceAtLeast, distributionGeometry, nearestBin, type Bin, type Geometry } from "./distribution-geometry";

const HEIGHT = 236;
const TOP = 26;
const BASE = 166;
const STRIP = 184;
const AXIS = 212;

function round(value: number, currency: string): string {
  return formatMoney(value.toFixed(value >= 1000 ? 0 : 2), currency).replace(/\.00$/, "");
}

function Bars({ geometry }: { geometry: Geometry }) {
  const { bins, x, y, barWidth } = geometry;
  return bins.map((bin) => (
    <rect
      key={bin.value}
      data-profit={bin.isProfit}
      x={x(bin.value) - barWidth / 2}
      y={y(bin.probability)}
      width={barWidth + 0.4}
      height={Math.max(0, BASE - y(bin.probability))}
      className={bin.isProfit ? "fill-gain-strong/75" : "fill-loss-strong/45"}
    />
  ));
}

/** Box and whiskers under the bars: 5 to 95 %, 25 to 75 %, the median. */
function PercentileStrip({ geometry }: { geometry: Geometry }) {
  const at = Object.fromEntries(geometry.marks.map((mark) => [mark.name, geometry.x(mark.value)]));
  const [p5, p25, p50, p75, p95] = [at["5"], at["25"], at["50"], at["75"], at["95"]];
  if (p5 === undefined || p25 === undefined || p50 === undefined || p75 === undefined || p95 === undefined) return null;
  return (
    <g>
      <line x1={p5} x2={p95} y1={STRIP} y2={STRIP} className="stroke-line-strong" strokeWidth={2} />
      <rect x={p25} y={STRIP - 6} width={Math.max(1, p75 - p25)} height={12} rx={3} className="fill-accent-soft stroke-accent" />
      <line x1={p50} x2={p50} y1={STRIP - 8} y2={STRIP + 8} className="stroke-accent" strokeWidth={2.5} />
      {[p5, p95].map((position, index) => (
        <line key={index} x1={position} x2={position} y1={STRIP - 5} y2={STRIP + 5} className="stroke-line-strong" strokeWidth={2} />
      ))}
    </g>
  );
}

function Axis({ geometry, currency, width }: { geometry: Geometry; currency: string; width: number }) {
  const [from, to] = geometry.x.domain;
  return (
    <g className="fill-muted text-[11px]">
      <line x1={0} x2={width} y1={BASE} y2={BASE} className="stroke-line-strong" />
      {niceTicks(from, to, Math.max(2, Math.floor(width / 110))).map((tick) => {
        const position = geometry.x(tick);
        const anchor = position < 24 ? "start" : position > width - 24 ? "end" : "middle";
        return (
          <g key={tick}>
            <line x1={position} x2={position} y1={BASE} y2={BASE + 4} className="stroke-line-strong" />
            <text x={position} y={AXIS} textAnchor={anchor} className="num">{round(tick, currency)}</text>
          </g>
        );
      })}
    </g>
  );
}

function Flag({ position, width, text, className }: { position: number; width: number; text: string; className: string }) {
  const anchor = position < 90 ? "start" : position > width - 90 ? "end" : "middle";
  return <text x={position} y={14} textAnchor={anchor} className={`num text-[11px] font-semibold ${className}`}>{text}</text>;
}

/** What opening one unit may be worth: probability per value, green where it makes a profit. */
export function DistributionChart({ distribution }: { distribution: Distribution }) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [hovered, setHovered] = useState<Bin | undefined>();
  const { currency, break_even, probability_of_profit: chance } = distribution;
  const geometry = distributionGeometry(distribution, { width, top: TOP, bottom: BASE });
  const breakEven = geometry.x(geometry.breakEven);
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    setHovered(nearestBin(geometry.bins, geometry.x.invert(event.clientX - left)));
  };
  const description =
    `Distribution of the value of one unit. Mean ${formatMoney(distribution.mean, currency)}, ` +
    `break-even ${formatMoney(break_even, currency)}, chance of profit ${formatChance(chance)}.`;
  return (
    <div ref={frame}>
      <svg role="img" aria-label={description} width={width} height={HEIGHT} className="block overflow-visible" onPointerMove={point} onPointerLeave={() => setHovered(undefined)}>
        <Bars geometry={geometry} />
        <Axis geometry={geometry} currency={currency} width={width} />
        <PercentileStrip geometry={geometry} />
        <line x1={breakEven} x2={breakEven} y1={20} y2={BASE} className="stroke-ink" strokeWidth={1.5} strokeDasharray="4 3" />
        {hovered ? (
          <g>
            <line x1={geometry.x(hovered.value)} x2={geometry.x(hovered.value)} y1={20} y2={BASE} className="stroke-accent" />
            <Flag
              position={geometry.x(hovered.value)}
              width={width}
              className="fill-accent"
              text={`${formatChance(chanceAtLeast(geometry.bins, hovered.value).toFixed(6))} chance of ${round(hovered.value, currency)} or more`}
            />
          </g>
        ) : (
          <Flag position={breakEven} width={width} className="fill-ink" text={`Break-even ${formatMoney(break_even, currency)}`} />
        )}
      </svg>
    </div>
  );
}
