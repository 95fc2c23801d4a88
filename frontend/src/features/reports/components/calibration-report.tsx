import { CalibrationChart } from "@/components/charts/calibration-chart";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { Term } from "@/components/ui/term";
import { formatDecimal, formatFraction, plural } from "@/lib/format";

import { useCalibration, type CalibrationBin } from "../api/backtests";

/** The same figures as the chart, for reading and for screen readers. */
export function BinTable({ bins }: { bins: readonly CalibrationBin[] }) {
  return (
    <table aria-label="Stated chance and what came true" className="w-full text-xs">
      <thead className="border-b text-muted">
        <tr>
          <th scope="col" className="py-1.5 text-left font-medium">Stated</th>
          <th scope="col" className="py-1.5 text-right font-medium">Cases</th>
          <th scope="col" className="py-1.5 text-right font-medium">Mean stated</th>
          <th scope="col" className="py-1.5 text-right font-medium">Came true</th>
          <th scope="col" className="py-1.5 text-right font-medium"><Term id="wilson" /></th>
        </tr>
      </thead>
      <tbody className="num divide-y">
        {bins.filter(({ count }) => count > 0).map((bin) => (
          <tr key={bin.low}>
            <th scope="row" className="py-1.5 text-left font-normal whitespace-nowrap">{formatFraction(bin.low, 0)} to {formatFraction(bin.high, 0)}</th>
            <td className="py-1.5 text-right">{bin.count}</td>
            <td className="py-1.5 text-right">{formatFraction(bin.expected)}</td>
            <td className="py-1.5 text-right font-semibold">{formatFraction(bin.realised)}</td>
            <td className="py-1.5 text-right whitespace-nowrap text-muted">{formatFraction(bin.wilson_low, 0)} to {formatFraction(bin.wilson_high, 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CalibrationBodyProps {
  bins: readonly CalibrationBin[];
  brier: string | null;
}

export function CalibrationBody({ bins, brier }: CalibrationBodyProps) {
  return (
    <div className="grid items-start gap-6 *:min-w-0 lg:grid-cols-2">
      <CalibrationChart bins={bins} />
      <div>
        <BinTable bins={bins} />
        {brier && <p className="mt-3 text-xs text-muted"><Term id="brier" />: <span className="num text-ink">{formatDecimal(brier, 4)}</span> (0 is perfect, 0.25 is guessing)</p>}
      </div>
    </div>
  );
}

/** Whether stated chances came true, over the executions so far. */
export function CalibrationReport() {
  const query = useCalibration();
  return (
    <Section title="Calibration" note={<>Of settled executions, by the chance of profit that was stated when they were made. Points on the diagonal: <Term id="calibration">chances mean what they say</Term>.</>}>
      <QueryState
        query={query}
        skeleton={<Skeleton className="h-72" />}
        empty={(data) => data.bins.every(({ count }) => count === 0) && <EmptyState title="No execution has settled yet">A back-test shows the same for past signals.</EmptyState>}
      >
        {(data) => (
          <>
            <p className="mb-3 text-xs text-muted">{plural(data.count, "settled execution")}{data.count < 30 && ", too few to judge: the intervals are wide"}</p>
            <CalibrationBody bins={data.bins} brier={data.brier} />
          </>
        )}
      </QueryState>
    </Section>
  );
}
