import { useState } from "react";

import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Freshness, Moment } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState } from "@/components/ui/states";
import { formatCount, humanise, MISSING, plural } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import type { ExecutionDetail, Order } from "../api/shapes";
import { sum } from "../hooks/money";

const AT_FIRST = 50;
const STATE_TONES: Record<Order["state"], Tone> = { open: "warn", filled: "gain", cancelled: "neutral" };
const CELL = "border-b px-2 py-1.5 whitespace-nowrap";

function Row({ order, currency }: { order: Order; currency: string }) {
  const fill = order.fills.at(-1);
  const costs = sum(order.fills.flatMap(({ fees, postage }) => [fees, postage]));
  return (
    <tr className="hover:bg-sunken">
      <td className="border-b py-1.5 pr-2 pl-4 sm:pl-5"><Badge tone={order.side === "buy" ? "accent" : "neutral"}>{humanise(order.side)}</Badge></td>
      <th scope="row" title={order.client_order_id} className="w-full max-w-0 min-w-36 truncate border-b px-2 py-1.5 text-left font-medium">
        <span className="num font-normal">{order.quantity} × </span>{order.product.name}
        {order.finish && order.finish !== "nonfoil" && <span className="font-normal text-muted"> {humanise(order.finish).toLowerCase()}</span>}
      </th>
      <td className={CELL}>{sourceName(order.source)}</td>
      <td className={CELL}><Badge tone={STATE_TONES[order.state]}>{humanise(order.state)}</Badge></td>
      <td className={`${CELL} text-right`}><Money amount={order.limit_price} currency={currency} /></td>
      <td className={`${CELL} text-right font-semibold`}><Money amount={fill?.price} currency={currency} /></td>
      <td className={`${CELL} text-right`}>{fill ? <Money amount={costs} currency={currency} /> : MISSING}</td>
      <td className={`${CELL} text-xs`}>{fill ? <Freshness at={fill.price_recorded_at} /> : MISSING}</td>
      <td className="border-b py-1.5 pr-4 pl-2 text-xs whitespace-nowrap text-muted sm:pr-5">{fill ? <Moment at={fill.filled_at} /> : "waiting"}</td>
    </tr>
  );
}

const HEADS = ["Side", "What", "Venue", "State", "Limit", "Filled at", "Fees & postage", "Price age", "When"] as const;
const RIGHT = new Set<string>(["Limit", "Filled at", "Fees & postage"]);

/** One order per leg, each with what it brought. */
export default function OrdersPanel({ execution }: { execution: ExecutionDetail }) {
  const [isWhole, setWhole] = useState(false);
  const { orders, currency } = execution;
  const shown = isWhole ? orders : orders.slice(0, AT_FIRST);
  const open = orders.filter((order) => order.state === "open").length;
  return (
    <Section title="Orders and fills" note={`${plural(orders.length, "order")}, ${formatCount(open)} still open. Prices are of one piece.`} bodyClass="" className="overflow-hidden">
      {orders.length === 0 ? (
        <EmptyState title="No orders" />
      ) : (
        <div role="region" tabIndex={0} aria-label="Orders, scrollable" className="max-h-[40rem] overflow-auto border-t">
          <table aria-label="Orders" className="w-full border-separate border-spacing-0 text-[0.8125rem]">
            <thead className="sticky top-0 z-10 text-xs text-muted [&_th]:border-b [&_th]:bg-sunken">
              <tr>
                {HEADS.map((head) => (
                  <th key={head} scope="col" className={`px-2 py-2 font-medium whitespace-nowrap first:pl-4 last:pr-4 sm:first:pl-5 ${RIGHT.has(head) ? "text-right" : "text-left"}`}>{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>{shown.map((order) => <Row key={order.id} order={order} currency={currency} />)}</tbody>
          </table>
          {shown.length < orders.length && <div className="p-3 text-center"><Button onClick={() => setWhole(true)}>Show all {formatCount(orders.length)} orders</Button></div>}
        </div>
      )}
    </Section>
  );
}
