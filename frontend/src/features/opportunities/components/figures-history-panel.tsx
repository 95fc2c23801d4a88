import { useMemo, useState } from "react";

import TimeSeriesChart from "@/components/charts/time-series-chart";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { approximate } from "@/lib/decimal";
import { formatMoney, formatPercent } from "@/lib/format";
import { formatUtc } from "@/lib/time";

import { useFiguresHistory } from "../api/get-course";
import type { FiguresHistory, FiguresPoint } from "../api/shapes";

const FIGURES = {
  net_profit: { label: "Profit", isMoney: true },
  margin_percentage: { label: "Margin", isMoney: false },
  total_cost: { label: "Cost", isMoney: true },
  confidence_score: { label: "Confidence", isMoney: false },
} as const;

type Figure = keyof typeof FIGURES;

const CHOICES = (Object.keys(FIGURES) as Figure[]).map((value) => ({ value, label: FIGURES[value].label }));

function textOf(figure: Figure, value: string, currency: string): string {
  if (FIGURES[figure].isMoney) return formatMoney(value, currency);
  return figure === "margin_percentage" ? formatPercent(value) : value;
}

/** Points of one moment would lie on one another: the last one counts. */
function lastOfEachMoment(points: readonly FiguresPoint[]): FiguresPoint[] {
  return points.filter((point, index) => point.recorded_at !== points[index + 1]?.recorded_at);
}

function Course({ history, figure }: { history: FiguresHistory; figure: Figure }) {
  const [hovered, setHovered] = useState<number | null>(null);
  const points = useMemo(() => lastOfEachMoment(history.points), [history]);
  const data = useMemo(
    (): [number[], number[]] => [points.map((point) => Date.parse(point.recorded_at) / 1000), points.map((point) => approximate(point[figure]))],
    [points, figure],
  );
  const series = useMemo(() => [{ name: FIGURES[figure].label, colour: 1 }], [figure]);
  const point = (hovered === null ? undefined : points[hovered]) ?? points.at(-1);
  return (
    <>
      <p className="num mb-2 text-xs text-muted" aria-live="off">
        {point && (
          <>
            Revision {point.revision}, {formatUtc(point.recorded_at)}: <span className="font-semibold text-ink">{textOf(figure, point[figure], history.currency)}</span>
          </>
        )}
      </p>
      <TimeSeriesChart
        label={`${FIGURES[figure].label} by revision`}
        data={data}
        series={series}
        height={200}
        formatTicks={(ticks) => ticks.map((tick) => textOf(figure, tick.toFixed(2), history.currency))}
        onHover={setHovered}
      />
    </>
  );
}

/** What was stated at each revision. */
export default function FiguresHistoryPanel({ id }: { id: string }) {
  const [figure, setFigure] = useState<Figure>("net_profit");
  const query = useFiguresHistory(id);
  return (
    <Section title="Figures over time" note="What was stated at each revision, of one product." actions={<Segmented label="Figure" value={figure} options={CHOICES} onChange={setFigure} />}>
      <QueryState
        query={query}
        skeleton={<Skeleton className="h-56" />}
        empty={(data) => data.points.length < 2 && <EmptyState title="One revision so far">The course begins when the figures change for the first time.</EmptyState>}
      >
        {(data) => <Course history={data} figure={figure} />}
      </QueryState>
    </Section>
  );
}
