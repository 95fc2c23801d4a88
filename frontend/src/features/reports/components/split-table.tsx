import { Section } from "@/components/ui/section";
import { formatCount, formatFraction, formatMoney, humanise } from "@/lib/format";
import { categoryName, sourceName } from "@/lib/vocabulary";

import type { Split } from "../api/backtests";

function nameOf({ risk_level: risk, category, source }: Split): string {
  if (risk) return humanise(risk);
  return category ? categoryName(category) : source ? sourceName(source) : "";
}

/** The outcome of one kind of signals beside the others. */
export function SplitTable({ title, rows, currency }: { title: string; rows: readonly Split[]; currency: string }) {
  const shown = rows.filter((row) => row.currency === currency);
  if (shown.length === 0) return null;
  return (
    <Section title={title} bodyClass="overflow-x-auto pb-2">
      <table aria-label={title} className="w-full text-xs">
        <thead className="border-y text-muted">
          <tr>
            <td />
            {["Signals", "Hit rate", "Per signal"].map((head) => <th key={head} scope="col" className="px-3 py-1.5 text-right font-medium last:pr-5">{head}</th>)}
          </tr>
        </thead>
        <tbody className="num divide-y">
          {shown.map((row) => (
            <tr key={nameOf(row)}>
              <th scope="row" className="py-2 pl-5 text-left font-medium">{nameOf(row)}</th>
              <td className="px-3 py-2 text-right">{formatCount(row.signals)}</td>
              <td className="px-3 py-2 text-right">{formatFraction(row.hit_rate)}</td>
              <td className="py-2 pr-5 pl-3 text-right">{formatMoney(row.profit_per_signal, currency, "always")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
