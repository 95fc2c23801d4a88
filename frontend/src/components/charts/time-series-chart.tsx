import "uplot/dist/uPlot.min.css";

import { useEffect, useEffectEvent, useRef } from "react";
import uPlot from "uplot";

import { useTheme } from "@/lib/theme";
import { useWidth } from "@/lib/use-width";

export interface DrawnSeries {
  name: string;
  /** Index of the palette colour, 1 to 6. */
  colour: number;
}

interface TimeSeriesChartProps {
  label: string;
  data: [number[], ...(number | null | undefined)[][]];
  series: readonly DrawnSeries[];
  height: number;
  /** One label per tick of the value axis. */
  formatTicks: (values: number[]) => string[];
  /** The index under the pointer, or null. */
  onHover: (index: number | null) => void;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const DAY_SECONDS = 86_400;

/** "14 Oct", with the time of day under a day's step and the year from a month's step on. */
function dateText(seconds: number, step: number): string {
  const options: Intl.DateTimeFormatOptions = step < DAY_SECONDS
    ? { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }
    : step < 28 * DAY_SECONDS ? { day: "numeric", month: "short" } : { month: "short", year: "numeric" };
  return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(seconds * 1000);
}

function axisLook(): Partial<uPlot.Axis> {
  const line = { stroke: token("line"), width: 1 };
  return { stroke: token("muted"), font: '11px "Inter Variable", sans-serif', grid: line, ticks: { ...line, size: 4 } };
}

/** A point with no neighbour to draw a line to is drawn as a dot, however crowded the chart is. */
function lonePoints(plot: uPlot, seriesIndex: number, show: boolean): number[] | null {
  if (show) return null;
  const column = plot.data[seriesIndex] ?? [];
  const filled = [...column.keys()].filter((index) => column[index] !== undefined); // gaps are null and count as neighbours
  return filled.filter((index, place) => {
    const [before, after] = [filled[place - 1], filled[place + 1]].map((next) => (next === undefined ? null : column[next]));
    return typeof column[index] === "number" && typeof before !== "number" && typeof after !== "number";
  });
}

function optionsOf(props: TimeSeriesChartProps, width: number, onHover: (index: number | null) => void): uPlot.Options {
  return {
    width,
    height: props.height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    legend: { show: false },
    cursor: { points: { size: 7 }, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, min, max) => uPlot.rangeNum(min, max, 0.12, true) } },
    axes: [
      { ...axisLook(), space: 76, size: 30, values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => dateText(tick, step)) },
      { ...axisLook(), size: 64, values: (_plot, ticks) => props.formatTicks(ticks) },
    ],
    series: [
      {},
      ...props.series.map((series) => ({
        label: series.name,
        stroke: token(`series-${series.colour}`),
        width: 1.75,
        points: { size: 7, fill: token(`series-${series.colour}`), filter: lonePoints },
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? null)] },
  };
}

/** Lines over time. Loaded lazily with uPlot; gaps in the data stay gaps. */
export default function TimeSeriesChart(props: TimeSeriesChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const target = useRef<HTMLDivElement>(null);
  const { isDark } = useTheme();
  const { data, series, height } = props;
  const hover = useEffectEvent((index: number | null) => props.onHover(index));
  const make = useEffectEvent((element: HTMLElement) =>
    new uPlot(optionsOf(props, width, (index) => hover(index)), props.data as uPlot.AlignedData, element),
  );
  useEffect(() => {
    if (!target.current) return undefined;
    const plot = make(target.current);
    return () => plot.destroy();
  }, [data, series, height, width, isDark]);
  return (
    <div ref={frame} role="img" aria-label={props.label}>
      <div ref={target} style={{ height }} />
    </div>
  );
}
