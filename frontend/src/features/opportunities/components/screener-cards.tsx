import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import type { Opportunity } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ConfidenceBar } from "@/components/ui/confidence-bar";
import { Freshness } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { ProductTile } from "@/components/ui/product-tile";
import { RiskBadge } from "@/components/ui/risk-badge";
import { formatChance } from "@/lib/format";

import type { StableRow } from "../hooks/use-stable-rows";
import { Flags } from "./flags";
import { TrendCell } from "./trends";
import { WatchStar } from "./watch-star";

function Card({ opportunity, isGone }: { opportunity: Opportunity; isGone: boolean }) {
  const { sealed_product: product, currency } = opportunity;
  return (
    <Link
      to="/opportunities/$id"
      params={{ id: opportunity.id }}
      className={clsx("card block p-3.5 active:bg-sunken", isGone && "opacity-50")}
    >
      <span className="flex items-start gap-3">
        <ProductTile setCode={product.set_code} category={product.category} />
        <span className="min-w-0 flex-1">
          <span className="block text-sm leading-5 font-medium">{product.name}</span>
          <span className="flex items-center gap-1.5 text-xs text-muted">
            <span className="truncate">{product.set_name}</span>
            {product.is_demo && <Badge tone="accent" className="!py-0">demo</Badge>}
          </span>
        </span>
        <span className="flex shrink-0 flex-col items-end gap-1 pr-9"><RiskBadge level={opportunity.risk_level} /></span>
      </span>
      <span className="mt-3 grid grid-cols-3 gap-2 text-sm">
        <Figure label="Cost"><Money amount={opportunity.total_cost} currency={currency} /></Figure>
        <Figure label="Profit"><Money amount={opportunity.net_profit} currency={currency} signed /></Figure>
        <Figure label="Net margin"><Margin value={opportunity.margin_percentage} className="font-semibold" /></Figure>
        <Figure label="Naive"><Margin value={opportunity.naive_margin_percentage} muted /></Figure>
        <Figure label="Chance">{formatChance(opportunity.probability_of_profit)}</Figure>
        <Figure label="Price age"><Freshness at={opportunity.oldest_price_at} /></Figure>
      </span>
      <span className="mt-3 flex items-center justify-between gap-2 text-xs">
        <ConfidenceBar score={opportunity.confidence_score} />
        <TrendCell opportunity={opportunity} />
        {(opportunity.flags.length > 0 || opportunity.needs_review) && (
          <Flags flags={opportunity.flags} needsReview={opportunity.needs_review} limit={1} />
        )}
      </span>
    </Link>
  );
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <span className="min-w-0">
      <span className="block text-2xs text-muted">{label}</span>
      <span className="num">{children}</span>
    </span>
  );
}

/** The screener on a phone: one card per opportunity. */
export function ScreenerCards({ rows, isPending, isAnonymous }: { rows: readonly StableRow[]; isPending: boolean; isAnonymous: boolean }) {
  return (
    <ul aria-label="Opportunities" aria-busy={isPending} className={clsx("grid gap-2.5", isPending && "opacity-60")}>
      {rows.map(({ opportunity, isGone }) => (
        <li key={opportunity.id} className="relative">
          <Card opportunity={opportunity} isGone={isGone} />
          <WatchStar product={opportunity.sealed_product} isAnonymous={isAnonymous} className="absolute top-1 right-1" />
        </li>
      ))}
    </ul>
  );
}
