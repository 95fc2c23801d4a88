import { lazy, Suspense, useState } from "react";

import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { formatMoney, humanise, plural } from "@/lib/format";

import { useComparison, useSales } from "../api/get-execution";
import type { ComparedCard, ExecutionDetail, Order, Sale } from "../api/shapes";
import { minus, sum } from "../hooks/money";

const SaleDialog = lazy(() => import("./sale-dialog"));
const CELL = "border-t px-2 py-1.5 whitespace-nowrap";

/** Cards of which a person has copies left: pulled, not sold, and not offered by the broker. */
export function sellable(cards: readonly ComparedCard[], orders: readonly Order[]): { card: ComparedCard; left: number }[] {
  const offered = new Map<string, number>();
  for (const order of orders) {
    if (order.side !== "sell" || order.state !== "open") continue;
    const key = `${order.product.id} ${order.finish}`;
    offered.set(key, (offered.get(key) ?? 0) + order.quantity);
  }
  return cards
    .map((card) => ({ card, left: card.pulled - card.sold - (offered.get(`${card.product.id} ${card.finish}`) ?? 0) }))
    .filter(({ left }) => left > 0);
}

function Row({ sale, currency }: { sale: Sale; currency: string }) {
  return (
    <tr className="hover:bg-sunken">
      <th scope="row" className="w-full max-w-0 min-w-36 truncate border-t py-1.5 pr-2 pl-4 text-left font-medium sm:pl-5" title={sale.note}>
        <span className="num font-normal">{sale.quantity} × </span>{sale.product.name}
        {sale.finish && sale.finish !== "nonfoil" && <span className="font-normal text-muted"> {humanise(sale.finish).toLowerCase()}</span>}
      </th>
      <td className={`${CELL} text-right`}><Money amount={sale.gross} currency={currency} /></td>
      <td className={`${CELL} text-right`}><Money amount={sum([sale.fees, sale.postage])} currency={currency} /></td>
      <td className={`${CELL} text-right font-semibold`}><Money amount={minus(sale.gross, sum([sale.fees, sale.postage]))} currency={currency} /></td>
      <td className={`${CELL} text-xs`}>{sale.is_entered ? (sale.entered_by ?? "a person") : "the paper broker"}</td>
      <td className={`${CELL} pr-4 text-xs text-muted sm:pr-5`}><Moment at={sale.sold_at} /></td>
    </tr>
  );
}

/** What was sold, by the broker and by people. */
export default function SalesPanel({ execution, mayTrade }: { execution: ExecutionDetail; mayTrade: boolean }) {
  const query = useSales(execution.id);
  const comparison = useComparison(execution.id);
  const [isEntering, setEntering] = useState(false);
  const { currency } = execution;
  const left = comparison.data ? sellable(comparison.data.cards, execution.orders) : [];
  const mayEnter = mayTrade && execution.state !== "cancelled" && left.length > 0;
  return (
    <Section
      title="Sales"
      note="Amounts are of all copies of a sale."
      className="overflow-hidden"
      bodyClass="pb-2"
      actions={mayEnter && <Button onClick={() => setEntering(true)}>Enter a sale</Button>}
    >
      <QueryState
        query={query}
        skeleton={<div className="p-4"><Skeleton className="h-48" /></div>}
        empty={(data) => data.length === 0 && <EmptyState title="Nothing sold yet">{execution.settles_at && "The paper broker sells what was pulled once its delay is over; “Settle now” does it at once."}</EmptyState>}
      >
        {(data) => (
          <>
            <p className="num px-4 pb-2 text-xs text-muted sm:px-5">{plural(data.length, "sale")}, {formatMoney(sum(data.map((sale) => minus(sale.gross, sum([sale.fees, sale.postage])))), currency)} after fees and postage</p>
            <div role="region" tabIndex={0} aria-label="Sales, scrollable" className="max-h-[36rem] overflow-auto">
              <table aria-label="Sales" className="w-full text-[0.8125rem]">
                <thead className="text-xs text-muted">
                  <tr>
                    {["What", "Gross", "Fees & postage", "Net", "By", "When"].map((head, index) => (
                      <th key={head} scope="col" className={`px-2 py-1.5 font-medium whitespace-nowrap first:pl-4 sm:first:pl-5 ${index >= 1 && index <= 3 ? "text-right" : "text-left"}`}>{head}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>{data.map((sale) => <Row key={sale.id} sale={sale} currency={currency} />)}</tbody>
              </table>
            </div>
          </>
        )}
      </QueryState>
      <Suspense>{isEntering && <SaleDialog execution={execution} cards={left} onClose={() => setEntering(false)} />}</Suspense>
    </Section>
  );
}
