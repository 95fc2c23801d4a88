import clsx from "clsx";
import { lazy, Suspense, useMemo, useState } from "react";

import { Skeleton } from "@/components/ui/states";
import { formatMoney, MISSING } from "@/lib/format";
import { formatDate } from "@/lib/time";

import { toColumns, type PriceSeries } from "../hooks/price-series";

const TimeSeriesChart = lazy(() => import("@/components/charts/time-series-chart"));

const HEIGHT = 280;
const COLOURS = 6;
const SHOWN_AT_FIRST = 3;

/** Class names in full, so that the style sheet holds them. */
const SWATCHES = ["bg-[var(--series-1)]", "bg-[var(--series-2)]", "bg-[var(--series-3)]", "bg-[var(--series-4)]", "bg-[var(--series-5)]", "bg-[var(--series-6)]"];

interface LegendProps {
  series: readonly PriceSeries[];
  hidden: ReadonlySet<string>;
  priceOf: (series: PriceSeries) => string | undefined;
  onToggle: (key: string) => void;
}

function Legend({ series, hidden, priceOf, onToggle }: LegendProps) {
  return (
    <div role="group" aria-label="Series" className="mb-2 flex flex-wrap gap-1.5">
      {series.map((line, index) => {
        const isOn = !hidden.has(line.key);
        return (
          <button
            key={line.key}
            type="button"
            aria-pressed={isOn}
            onClick={() => onToggle(line.key)}
            className={clsx("flex h-11 items-center gap-2 rounded-lg border px-2.5 text-xs sm:h-7", isOn ? "bg-sunken" : "border-dashed text-muted")}
          >
            <span aria-hidden className={clsx("h-2 w-3 rounded-sm", isOn ? SWATCHES[index % COLOURS] : "bg-line-strong")} />
            {line.name}
            <span className="num font-semibold">{isOn ? formatMoney(priceOf(line), line.currency) : ""}</span>
          </button>
        );
      })}
    </div>
  );
}

/** The chart with its legend: buttons that switch lines, each with the price under the pointer or the latest one. */
export function PriceLines({ series, label }: { series: readonly PriceSeries[]; label: string }) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [hovered, setHovered] = useState<number | null>(null);
  const hidden = useMemo(
    () => new Set(series.flatMap(({ key }, index) => (index >= SHOWN_AT_FIRST !== toggled.has(key) ? [key] : []))),
    [series, toggled],
  );
  const drawn = useMemo(
    () =>
      series
        .map((line, index) => ({ line, name: line.name, colour: (index % COLOURS) + 1 }))
        .filter(({ line }) => !hidden.has(line.key)),
    [series, hidden],
  );
  const columns = useMemo(() => toColumns(drawn.map(({ line }) => line)), [drawn]);
  const time = hovered === null ? undefined : columns[0][hovered];
  const priceOf = (line: PriceSeries) => {
    if (time === undefined) return line.points.at(-1)?.price;
    return line.points.find((point) => point.at === Math.round(time * 1000))?.price;
  };
  const toggle = (key: string) => {
    setHovered(null);
    setToggled((before) => new Set(before.has(key) ? [...before].filter((other) => other !== key) : [...before, key]));
  };
  const currency = series[0]?.currency ?? "";
  return (
    <div>
      <Legend series={series} hidden={hidden} priceOf={priceOf} onToggle={toggle} />
      <p className="num mb-1 text-2xs text-muted">{time === undefined ? "Latest" : formatDate(new Date(time * 1000).toISOString())}</p>
      <Suspense fallback={<Skeleton className="h-72" />}>
        <TimeSeriesChart
          label={label}
          data={columns}
          series={drawn}
          height={HEIGHT}
          formatValue={(value) => formatMoney(value.toFixed(value < 10 ? 2 : 0), currency).replace(/\.00$/, "") || MISSING}
          onHover={setHovered}
        />
      </Suspense>
    </div>
  );
}
