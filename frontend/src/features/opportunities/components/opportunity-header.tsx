import { Link } from "@tanstack/react-router";

import type { OpportunityDetail } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ConfidenceBar } from "@/components/ui/confidence-bar";
import { Freshness, Moment } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { PageHeader } from "@/components/ui/page-header";
import { ProductTile } from "@/components/ui/product-tile";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Stat } from "@/components/ui/stat";
import { formatChance, formatFraction, humanise, plural } from "@/lib/format";
import { categoryName, sourceName } from "@/lib/vocabulary";

import { useRevalidate } from "../api/revalidate";
import type { Acting } from "../hooks/acting";
import { Flags } from "./flags";
import { OpportunityActions } from "./opportunity-actions";
import { RevalidationPanel } from "./revalidation-panel";

const STATUS_TONE = { active: "gain", executed: "accent", cancelled: "neutral", expired: "warn" } as const;

function StatusBadge({ status }: { status: string }) {
  return <Badge tone={STATUS_TONE[status as keyof typeof STATUS_TONE] ?? "neutral"}>{humanise(status)}</Badge>;
}

/** The product, and the figures that decide: both margins, cost, profit, chance, confidence, risk, expiry. */
export function OpportunityHeader({ opportunity, acting }: { opportunity: OpportunityDetail; acting: Acting }) {
  const { sealed_product: product, currency } = opportunity;
  const revalidation = useRevalidate(opportunity.id);
  return (
    <div className="card overflow-hidden">
      <div className="flex flex-wrap items-start gap-4 p-4 sm:p-5">
        <ProductTile setCode={product.set_code} category={product.category} size="large" />
        <div className="min-w-0 flex-1 basis-60">
          <PageHeader title={product.name} />
          <p className="mt-0.5 text-xs text-muted">
            {[categoryName(product.category), product.set_name, humanise(product.sealed_kind)].filter(Boolean).join(" · ")}
          </p>
          <div className="mt-2 flex flex-wrap items-center gap-1.5">
            <StatusBadge status={opportunity.status} />
            <RiskBadge level={opportunity.risk_level} suffix=" risk" />
            {product.is_demo && <Badge tone="accent">Demo</Badge>}
            {(opportunity.flags.length > 0 || opportunity.needs_review) && (
              <Flags flags={opportunity.flags} needsReview={opportunity.needs_review} limit={6} />
            )}
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Link to="/products/$id" params={{ id: product.id }} className="text-xs font-medium text-accent hover:underline max-sm:flex max-sm:min-h-11 max-sm:items-center">
            Product page
          </Link>
          <OpportunityActions opportunity={opportunity} acting={acting} revalidation={revalidation} />
        </div>
        {opportunity.execution_notes && (
          <p className="w-full rounded-lg bg-sunken px-3 py-2 text-[0.8125rem] break-words whitespace-pre-line"><span className="text-muted">Note: </span>{opportunity.execution_notes}</p>
        )}
      </div>
      <RevalidationPanel revalidation={revalidation} currency={currency} />
      <dl className="grid grid-cols-2 gap-px border-t bg-line sm:grid-cols-4 xl:grid-cols-8 [&>*]:bg-surface">
        <Stat label="Net margin" hint="after all costs"><Margin value={opportunity.margin_percentage} /></Stat>
        <Stat label="Naive margin" hint="before any fee"><Margin value={opportunity.naive_margin_percentage} muted /></Stat>
        <Stat label="Net profit" hint="expected, one unit"><Money amount={opportunity.net_profit} currency={currency} signed /></Stat>
        <Stat label="Cost" hint={`at ${sourceName(opportunity.buy_source)}`}><Money amount={opportunity.total_cost} currency={currency} /></Stat>
        <Stat label="Chance of profit" hint={`coverage ${formatFraction(opportunity.coverage)}`}>{formatChance(opportunity.probability_of_profit)}</Stat>
        <Stat label="Confidence" hint={plural(opportunity.lines_counted, "line counted", "lines counted")}><ConfidenceBar score={opportunity.confidence_score} /></Stat>
        <Stat label="Price age" hint="oldest price used"><Freshness at={opportunity.oldest_price_at} /></Stat>
        <Stat label="Expires" hint={opportunity.seller_count === null ? "sellers unknown" : plural(opportunity.seller_count, "seller")}><Moment at={opportunity.expires_at} /></Stat>
      </dl>
    </div>
  );
}
