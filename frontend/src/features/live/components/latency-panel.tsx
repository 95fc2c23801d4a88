import { Section } from "@/components/ui/section";
import { Term } from "@/components/ui/term";
import { formatCount } from "@/lib/format";
import { useLiveRow, useLog } from "@/lib/live/use-live";

import { processes, signals } from "../hooks/desk";
import { barsOf, formatMicros, latencyOfSignals, type Bar } from "../hooks/histogram";

const HEIGHT = 96;

function Histogram({ bars }: { bars: readonly Bar[] }) {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  return (
    <figure>
      <div role="img" aria-label={`Histogram of ${formatCount(total)} signals: ${bars.filter(({ count }) => count > 0).map(({ label, count }) => `${label}: ${count}`).join(", ")}`} className="flex items-end gap-0.5" style={{ height: HEIGHT }}>
        {bars.map(({ label, count, share }) => (
          <div key={label} title={`${label}: ${formatCount(count)}`} className="flex h-full min-w-0 flex-1 items-end rounded-t-sm bg-sunken">
            <div className="w-full rounded-t-sm bg-accent-solid" style={{ height: count === 0 ? 0 : `max(2px, ${share * 100}%)` }} />
          </div>
        ))}
      </div>
      <figcaption className="num mt-1 flex justify-between text-2xs text-muted"><span>{bars[0]?.label}</span><span>{bars.at(-1)?.label}</span></figcaption>
    </figure>
  );
}

/** How long it takes from a venue's message to the published signal. */
export function LatencyPanel() {
  const counted = useLiveRow(processes, "signals")?.latency ?? null;
  const { items } = useLog(signals);
  const isCounted = counted !== null && counted.p50Us !== null;
  const latency = isCounted ? counted : latencyOfSignals(items);
  const bars = barsOf(latency);
  return (
    <Section title="Latency" note={isCounted ? "Every signal since you opened this page." : "The signals listed below."} actions={<Term id="tick_to_publish" className="-my-3 inline-flex min-h-11 items-center text-2xs sm:my-0 sm:min-h-0" />}>
      {bars.length > 0 ? (
        <>
          <Histogram bars={bars} />
          <dl className="mt-3 grid grid-cols-2 gap-3 text-[0.8125rem]">
            <div><dt className="text-2xs text-muted">Half of them within (p50)</dt><dd className="num font-semibold">{formatMicros(latency.p50Us)}</dd></div>
            <div><dt className="text-2xs text-muted">99 of 100 within (p99)</dt><dd className="num font-semibold">{formatMicros(latency.p99Us)}</dd></div>
          </dl>
        </>
      ) : (
        <p className="text-xs text-muted">Measured with each signal; none has been published since the signal process started.</p>
      )}
    </Section>
  );
}
