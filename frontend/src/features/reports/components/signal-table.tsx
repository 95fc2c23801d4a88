import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { CheckField } from "@/components/ui/field";
import { Margin, Money } from "@/components/ui/money";
import { Pagination } from "@/components/ui/pagination";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { sourceName } from "@/lib/vocabulary";

import { useSignals } from "../api/backtests";

const PAGE_SIZE = 25;
const HEADS = ["Day", "Product", "Bought at", "Margin", "Confidence", "Risk", "Expected", "Realised"] as const;

/** Every signal of a back-test and what it would have brought. */
export function SignalTable({ id }: { id: string }) {
  const [page, setPage] = useState(1);
  const [isFirst, setFirst] = useState(true);
  const query = useSignals(id, page, isFirst);
  return (
    <Section title="Signals" bodyClass="" actions={<CheckField label="First signals only" checked={isFirst} onChange={(next) => { setFirst(next); setPage(1); }} />}>
      <QueryState query={query} skeleton={<Skeleton className="m-4 h-40" />} empty={({ count }) => count === 0 && <EmptyState title="No signals" />}>
        {({ count, results }) => (
          <>
            <div className="overflow-x-auto">
              <table aria-label="Signals" className="w-full min-w-200 text-xs">
                <thead className="border-y text-muted">
                  <tr>{HEADS.map((head, index) => <th key={head} scope="col" className={index === 3 || index === 4 || index > 5 ? "px-3 py-2 text-right font-medium" : "px-3 py-2 text-left font-medium first:pl-5"}>{head}</th>)}</tr>
                </thead>
                <tbody className="divide-y">
                  {results.map((row) => (
                    <tr key={`${row.day} ${row.product.id} ${row.source}`}>
                      <td className="num py-2 pr-3 pl-5 whitespace-nowrap">{row.day}</td>
                      <td className="max-w-80 truncate px-3 py-2"><Link to="/products/$id" params={{ id: row.product.id }} className="hover:text-accent hover:underline">{row.product.name}</Link></td>
                      <td className="px-3 py-2">{sourceName(row.source)}</td>
                      <td className="px-3 py-2 text-right"><Margin value={row.margin_percentage} /></td>
                      <td className="num px-3 py-2 text-right">{row.confidence_score}</td>
                      <td className="px-3 py-2"><RiskBadge level={row.risk_level} /></td>
                      <td className="px-3 py-2 text-right"><Money amount={row.expected_profit} currency={row.currency} /></td>
                      <td className="px-3 py-2 text-right font-semibold">{row.realised_profit === null ? <span className="font-normal text-muted">not judged</span> : <Money amount={row.realised_profit} currency={row.currency} signed />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <Pagination page={page} pageSize={PAGE_SIZE} count={count} sizes={[PAGE_SIZE]} onPage={setPage} onPageSize={() => undefined} />
          </>
        )}
      </QueryState>
    </Section>
  );
}
