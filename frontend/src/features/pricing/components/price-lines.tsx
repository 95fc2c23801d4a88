import clsx from "clsx";
import { lazy, Suspense, useMemo, useState } from "react";

import { Skeleton } from "@/components/ui/states";
import { formatMoney } from "@/lib/format";
import { formatDate } from "@/lib/time";

import { axisLabels } from "../hooks/price-axis";
import { toColumns, type PriceSeries } from "../hooks/price-series";
import { useChosenSeries, type ChosenSeries } from "../hooks/use-chosen-series";
import { SeriesMenu } from "./series-menu";

const TimeSeriesChart = lazy(() => import("@/components/charts/time-series-chart"));

const HEIGHT = 280;

/** Class names in full, so that the style sheet holds them. */
const SWATCHES = ["bg-[var(--series-1)]", "bg-[var(--series-2)]", "bg-[var(--series-3)]", "bg-[var(--series-4)]", "bg-[var(--series-5)]", "bg-[var(--series-6)]"];

interface LegendProps extends Pick<ChosenSeries, "chips" | "slots"> {
  /** When the prices were recorded: "Latest", or a day. */
  moment: string;
  priceOf: (series: PriceSeries) => string | undefined;
  onToggle: (key: string) => void;
}

/** Chips wrap on a wide screen and scroll sideways on a phone, where they would push the chart away. */
function Legend({ chips, slots, moment, priceOf, onToggle }: LegendProps) {
  return (
    <div role="group" aria-label="Series" className="flex min-w-0 flex-1 items-center gap-1.5 overflow-x-auto sm:flex-wrap">
      <span className="num shrink-0 text-2xs sm:w-18 text-muted">{moment}</span>
      {chips.map((line) => {
        const slot = slots.get(line.key);
        const isOn = slot !== undefined;
        return (
          <button
            key={line.key}
            type="button"
            aria-pressed={isOn}
            onClick={() => onToggle(line.key)}
            className={clsx("flex h-11 shrink-0 items-center gap-2 rounded-lg border px-2.5 text-xs whitespace-nowrap sm:h-7", isOn ? "bg-sunken" : "border-dashed text-muted")}
          >
            <span aria-hidden className={clsx("h-2 w-3 rounded-sm", isOn ? SWATCHES[slot] : "bg-line-strong")} />
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
  const [hovered, setHovered] = useState<number | null>(null);
  const { slots, chips, toggle } = useChosenSeries(series);
  const drawn = useMemo(
    () => series.flatMap((line) => {
      const slot = slots.get(line.key);
      return slot === undefined ? [] : [{ line, name: line.name, colour: slot + 1 }];
    }),
    [series, slots],
  );
  const columns = useMemo(() => toColumns(drawn.map(({ line }) => line)), [drawn]);
  const time = hovered === null ? undefined : columns[0][hovered];
  const priceOf = (line: PriceSeries) => line.points.filter(({ at }) => time === undefined || at <= time * 1000).at(-1)?.price;
  const onToggle = (key: string) => {
    setHovered(null);
    toggle(key);
  };
  const currencies = [...new Set(drawn.map(({ line }) => line.currency))];
  return (
    <div>
      <div className="mb-2 flex items-start gap-2">
        <Legend chips={chips} slots={slots} moment={time === undefined ? "Latest" : formatDate(new Date(time * 1000).toISOString())} priceOf={priceOf} onToggle={onToggle} />
        {series.length > chips.length && <SeriesMenu series={series} slots={slots} onToggle={onToggle} />}
      </div>
      <Suspense fallback={<Skeleton className="h-72" />}>
        <TimeSeriesChart
          label={label}
          data={columns}
          series={drawn}
          height={HEIGHT}
          formatTicks={(ticks) => axisLabels(ticks, currencies.length === 1 ? currencies[0] : undefined)}
          onHover={setHovered}
        />
      </Suspense>
      {currencies.length > 1 && <p className="mt-1 text-2xs text-muted">{currencies.join(" and ")} on one scale, not converted.</p>}
    </div>
  );
}
