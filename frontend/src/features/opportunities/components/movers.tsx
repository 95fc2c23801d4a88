import { ArrowDownIcon, ArrowUpIcon } from "@heroicons/react/16/solid";
import { Link } from "@tanstack/react-router";

import type { OpportunityQuery } from "@/api/types";
import { ProductTile } from "@/components/ui/product-tile";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { formatMoney, formatPercent, toneOf } from "@/lib/format";

import { useOpportunities } from "../api/list-opportunities";
import { useSparklines } from "../api/sparklines";
import { findMovers, type Mover } from "../hooks/movers";
import { Sparkline } from "./sparkline";

const QUERY: OpportunityQuery = { ordering: ["-rank_score"], page: 1, page_size: 100 };
const DAYS = 7;
const MOST = 6;

function Line({ mover }: { mover: Mover }) {
  const { opportunity, change, prices } = mover;
  const isUp = toneOf(change) === "gain";
  const Arrow = isUp ? ArrowUpIcon : ArrowDownIcon;
  const product = opportunity.sealed_product;
  return (
    <li className="border-t">
      <Link to="/opportunities/$id" params={{ id: opportunity.id }} search={{ tab: "prices" }} className="flex min-h-11 items-center gap-3 px-4 py-1.5 hover:bg-sunken sm:px-5">
        <ProductTile setCode={product.set_code} category={product.category} />
        <span className="min-w-0 flex-1 truncate text-[0.8125rem] font-medium">{product.name}</span>
        <Sparkline prices={prices} label={`${formatMoney(prices[0], opportunity.currency)} to ${formatMoney(prices.at(-1), opportunity.currency)}`} />
        <span className="num w-16 text-right text-[0.8125rem] max-sm:hidden">{formatMoney(prices.at(-1), opportunity.currency)}</span>
        <span className="num flex w-18 items-center justify-end gap-0.5 text-[0.8125rem] font-semibold">
          <Arrow aria-hidden className="size-3.5 text-muted" />
          {formatPercent(change, 1, "always")}
        </span>
      </Link>
    </li>
  );
}

/** Sealed prices that moved most in a week, among active opportunities. */
export function Movers() {
  const list = useOpportunities(QUERY);
  const query = useSparklines(list.data?.results.map((row) => row.sealed_product.id) ?? [], DAYS);
  const loading = <div className="space-y-2 p-4">{Array.from({ length: MOST }, (_, index) => <Skeleton key={index} className="h-8" />)}</div>;
  const movers = list.data && query.data ? findMovers(list.data.results, query.data, MOST) : [];
  const isEmpty = list.data?.results.length === 0;
  return (
    <Section title="Movers" note="Price of the sealed product over seven days, among active opportunities." bodyClass="pb-1">
      {isEmpty ? (
        <EmptyState title="No opportunities, no movers" />
      ) : (
        <QueryState query={query} skeleton={loading} empty={() => movers.length === 0 && <EmptyState title="Nothing moved this week" />}>
          {() => <ul>{movers.map((mover) => <Line key={mover.opportunity.id} mover={mover} />)}</ul>}
        </QueryState>
      )}
    </Section>
  );
}
