import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { ProductTile } from "@/components/ui/product-tile";
import { sourceName } from "@/lib/vocabulary";

import type { Execution } from "../api/shapes";
import { minus } from "../hooks/money";
import { StateBadge } from "./state-badge";

export function routeText({ buy_source, sell_source }: Pick<Execution, "buy_source" | "sell_source">): string {
  return buy_source === sell_source ? sourceName(buy_source) : `${sourceName(buy_source)} → ${sourceName(sell_source)}`;
}

/** Realised against expected, once there is something to compare. */
function Difference({ execution }: { execution: Execution }) {
  return <Money amount={minus(execution.realised_profit, execution.expected_profit)} currency={execution.currency} signed />;
}

const CELL = "border-b px-2 py-2 whitespace-nowrap";

function Row({ execution }: { execution: Execution }) {
  const { product, currency } = execution;
  return (
    <tr className="hover:bg-sunken">
      <th scope="row" className="w-full max-w-0 min-w-64 border-b py-2 pr-2 pl-4 text-left font-normal">
        <div className="flex items-center gap-2.5">
          <ProductTile setCode={product.set_code} category={product.category} />
          <div className="min-w-0">
            <Link to="/executions/$id" params={{ id: execution.id }} className="block truncate font-medium hover:text-accent hover:underline">
              <span className="num">{execution.quantity} × </span>{product.name}
            </Link>
            <span className="flex items-center gap-1.5 text-2xs text-muted">
              {product.is_demo && <Badge tone="accent" className="!py-0">demo</Badge>}
              <span className="truncate">{routeText(execution)}</span>
            </span>
          </div>
        </div>
      </th>
      <td className={CELL}><StateBadge state={execution.state} /></td>
      <td className={`${CELL} text-right`}><Money amount={execution.expected_cost} currency={currency} /></td>
      <td className={`${CELL} text-right`}><Money amount={execution.expected_profit} currency={currency} signed /></td>
      <td className={`${CELL} text-right font-semibold`}><Money amount={execution.realised_profit} currency={currency} signed /></td>
      <td className={`${CELL} text-right`}><Difference execution={execution} /></td>
      <td className={`${CELL} text-xs`}>{execution.actor}</td>
      <td className={`${CELL} pr-4 text-xs text-muted`}><Moment at={execution.created_at} /></td>
    </tr>
  );
}

const HEADS: readonly [name: string, isRight: boolean, meaning: string][] = [
  ["State", false, "Bought, selling, settled, cancelled or failed"],
  ["Cost", true, "What was paid, all in"],
  ["Expected", true, "Profit that the model expected at the moment of the purchase"],
  ["Realised", true, "Profit once everything is sold"],
  ["Difference", true, "Realised less expected"],
  ["By", false, "Who executed it"],
  ["When", false, "Moment of the purchase"],
];

export function ExecutionTable({ rows }: { rows: readonly Execution[] }) {
  return (
    <div role="region" tabIndex={0} aria-label="Executions, scrollable" className="overflow-x-auto">
      <table aria-label="Executions" className="w-full border-separate border-spacing-0 text-[0.8125rem]">
        <thead className="text-xs text-muted [&_th]:border-b [&_th]:bg-sunken">
          <tr>
            <th scope="col" className="py-2 pr-2 pl-4 text-left font-medium">Execution</th>
            {HEADS.map(([name, isRight, meaning]) => (
              <th key={name} scope="col" title={meaning} className={`px-2 py-2 font-medium last:pr-4 ${isRight ? "text-right" : "text-left"}`}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>{rows.map((execution) => <Row key={execution.id} execution={execution} />)}</tbody>
      </table>
    </div>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="min-w-0">
      <span className="block text-2xs text-muted">{label}</span>
      {children}
    </span>
  );
}

/** The list on a phone. */
export function ExecutionCards({ rows }: { rows: readonly Execution[] }) {
  return (
    <ul aria-label="Executions" className="grid gap-2.5 p-2.5">
      {rows.map((execution) => (
        <li key={execution.id}>
          <Link to="/executions/$id" params={{ id: execution.id }} className="block rounded-xl border p-3 active:bg-sunken">
            <span className="flex items-start gap-2.5">
              <ProductTile setCode={execution.product.set_code} category={execution.product.category} />
              <span className="min-w-0 flex-1">
                <span className="block text-sm leading-5 font-medium">{execution.quantity} × {execution.product.name}</span>
                <span className="block text-xs text-muted">{execution.actor}, <Moment at={execution.created_at} /></span>
              </span>
              <StateBadge state={execution.state} />
            </span>
            <span className="mt-2.5 grid grid-cols-3 gap-2 text-sm">
              <Figure label="Cost"><Money amount={execution.expected_cost} currency={execution.currency} /></Figure>
              <Figure label="Expected"><Money amount={execution.expected_profit} currency={execution.currency} signed /></Figure>
              <Figure label="Realised"><Money amount={execution.realised_profit} currency={execution.currency} signed /></Figure>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
