import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { PageHeader } from "@/components/ui/page-header";
import { ProductTile } from "@/components/ui/product-tile";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Stat } from "@/components/ui/stat";
import { formatChance, formatMoney, humanise, MISSING } from "@/lib/format";

import { useComparison } from "../api/get-execution";
import type { ExecutionDetail } from "../api/shapes";
import { mayStillSell } from "../hooks/execution-state";
import { minus } from "../hooks/money";
import { ExecutionActions } from "./execution-actions";
import { routeText } from "./execution-rows";
import { StateBadge } from "./state-badge";
import { Steps } from "./steps";

function Figures({ execution }: { execution: ExecutionDetail }) {
  const { currency } = execution;
  const { data } = useComparison(execution.id);
  const isOpen = mayStillSell(execution.state);
  const realised = data?.realised;
  const profit = execution.realised_profit ?? realised?.profit ?? null;
  return (
    <dl className="grid grid-cols-2 gap-px border-t bg-line sm:grid-cols-3 xl:grid-cols-6 [&>*]:bg-surface">
      <Stat label="Paid" hint={`expected ${formatMoney(execution.expected_cost, currency)}`}><Money amount={execution.realised_cost ?? realised?.cost ?? execution.expected_cost} currency={currency} /></Stat>
      <Stat label={isOpen ? "Sold so far" : "Sold for"} hint={`expected ${formatMoney(execution.expected_proceeds, currency)}`}><Money amount={execution.realised_proceeds ?? realised?.proceeds} currency={currency} /></Stat>
      <Stat label="Expected profit" hint={<>margin <Margin value={execution.expected_margin_percentage} muted /></>}><Money amount={execution.expected_profit} currency={currency} signed /></Stat>
      <Stat label={isOpen ? "Profit so far" : "Realised profit"} hint={isOpen ? "sales so far less the whole cost" : "after everything"}><Money amount={profit} currency={currency} signed /></Stat>
      <Stat label="Difference" hint="realised less expected">{isOpen ? <span className="text-muted">{MISSING}</span> : <Money amount={minus(profit, execution.expected_profit)} currency={currency} signed />}</Stat>
      <Stat label="Chance of profit" hint={`confidence ${execution.confidence_score} when bought`}>{formatChance(execution.probability_of_profit)}</Stat>
    </dl>
  );
}

function Line({ children }: { children: ReactNode }) {
  return <p className="mt-0.5 text-xs text-muted">{children}</p>;
}

/** What was bought, where it stands, what it was to bring and what it brought. */
export function ExecutionHeader({ execution, mayTrade }: { execution: ExecutionDetail; mayTrade: boolean }) {
  const { product } = execution;
  return (
    <div className="card overflow-hidden">
      <div className="flex flex-wrap items-start gap-4 p-4 sm:p-5">
        <ProductTile setCode={product.set_code} category={product.category} size="large" />
        <div className="min-w-0 flex-1 basis-60">
          <PageHeader title={`${execution.quantity} × ${product.name}`} />
          <Line>{routeText(execution)}, by {execution.actor} <Moment at={execution.created_at} /></Line>
          <div className="mt-2 flex flex-wrap items-center gap-1.5">
            <StateBadge state={execution.state} />
            <Badge tone={execution.mode === "paper" ? "gain" : "loss"} className="uppercase">{execution.mode}</Badge>
            <RiskBadge level={execution.risk_level} suffix=" risk" />
            {product.is_demo && <Badge tone="accent">Demo</Badge>}
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Link to="/opportunities/$id" params={{ id: execution.opportunity }} className="text-xs font-medium text-accent hover:underline max-sm:flex max-sm:min-h-11 max-sm:items-center">Opportunity</Link>
          <Link to="/products/$id" params={{ id: product.id }} className="text-xs font-medium text-accent hover:underline max-sm:flex max-sm:min-h-11 max-sm:items-center">Product page</Link>
          {mayTrade && <ExecutionActions execution={execution} />}
        </div>
        {execution.note && <p className="w-full rounded-lg bg-sunken px-3 py-2 text-[0.8125rem] break-words whitespace-pre-line"><span className="text-muted">Note: </span>{execution.note}</p>}
        {execution.closed_reason && <p className="w-full text-xs text-muted">Closed: {humanise(execution.closed_reason)}</p>}
      </div>
      <div className="border-t px-4 py-3 sm:px-5"><Steps execution={execution} /></div>
      <Figures execution={execution} />
    </div>
  );
}
