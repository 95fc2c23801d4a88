import { ArrowTopRightOnSquareIcon, BoltIcon, XMarkIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import type { Opportunity } from "@/api/types";
import { Button, buttonClass, IconButton } from "@/components/ui/button";
import { ConfidenceBar } from "@/components/ui/confidence-bar";
import { Freshness, Moment } from "@/components/ui/freshness";
import { Kbd } from "@/components/ui/kbd";
import { Margin, Money } from "@/components/ui/money";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Fact } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";
import { formatChance, formatFraction, humanise, plural } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import { useExplanation } from "../api/explain-opportunity";
import { whyNotExecutable, type Acting } from "../hooks/acting";
import { FactorBars } from "./factor-bars";
import { Flags } from "./flags";
import { RiskConditions } from "./risk-conditions";
import { WatchStar } from "./watch-star";

function Heading({ children }: { children: string }) {
  return <h3 className="mt-5 mb-2 text-2xs font-semibold tracking-wider text-muted uppercase">{children}</h3>;
}

function Legs({ opportunity }: { opportunity: Opportunity }) {
  const { currency } = opportunity;
  return (
    <dl>
      <Fact label={`Buy 1 at ${sourceName(opportunity.buy_source)}`}>
        <Money amount={opportunity.total_cost} currency={currency} />
      </Fact>
      <Fact label={`Sell ${plural(opportunity.lines_counted, "line")} at ${sourceName(opportunity.sell_source)}`}>
        <Money amount={opportunity.singles_value} currency={currency} />
      </Fact>
      <Fact label="Before fees"><Money amount={opportunity.gross_singles_value} currency={currency} /></Fact>
      <Fact label="Coverage">{formatFraction(opportunity.coverage)}</Fact>
      <Fact label="Competition">
        {humanise(opportunity.competition_level)}
        {opportunity.seller_count !== null && `, ${plural(opportunity.seller_count, "seller")}`}
      </Fact>
      <Fact label="Oldest price"><Freshness at={opportunity.oldest_price_at} form="long" /></Fact>
      <Fact label="Expires"><Moment at={opportunity.expires_at} /></Fact>
    </dl>
  );
}

/** What one needs to know about a row before opening its page: figures, why, legs. */
export function InspectorBody({ opportunity }: { opportunity: Opportunity }) {
  const explanation = useExplanation(opportunity.id);
  const { currency } = opportunity;
  return (
    <div>
      <p className="text-2xs text-muted">{opportunity.sealed_product.set_name}</p>
      <dl className="mt-2 grid grid-cols-3 gap-px overflow-hidden rounded-lg border bg-line text-center">
        {[
          { label: "Net margin", figure: <Margin value={opportunity.margin_percentage} /> },
          { label: "Profit", figure: <Money amount={opportunity.net_profit} currency={currency} signed /> },
          { label: "Chance", figure: formatChance(opportunity.probability_of_profit) },
        ].map(({ label, figure }) => (
          <div key={label} className="bg-surface px-1 py-2">
            <dt className="text-2xs text-muted">{label}</dt>
            <dd className="num text-base font-semibold">{figure}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-3 flex flex-wrap items-center gap-2 text-xs">
        <RiskBadge level={opportunity.risk_level} suffix=" risk" />
        <ConfidenceBar score={opportunity.confidence_score} />
        {(opportunity.flags.length > 0 || opportunity.needs_review) && (
          <Flags flags={opportunity.flags} needsReview={opportunity.needs_review} limit={4} />
        )}
      </div>
      <Heading>Why</Heading>
      <QueryState query={explanation} skeleton={<Skeleton className="h-40" />}>
        {(data) => (
          <>
            <FactorBars factors={data.confidence.factors} score={data.confidence.score} isBrief />
            <div className="mt-4"><RiskConditions risk={data.risk} /></div>
          </>
        )}
      </QueryState>
      <Heading>Legs</Heading>
      <Legs opportunity={opportunity} />
    </div>
  );
}

interface InspectorProps {
  opportunity: Opportunity;
  acting: Acting;
  onExecute: (opportunity: Opportunity) => void;
}

/** What one does from here: open the page, execute, watch. */
export function InspectorActions({ opportunity, acting, onExecute }: InspectorProps) {
  const obstacle = whyNotExecutable(opportunity, acting);
  return (
    <div className="flex items-center gap-2">
      <Link to="/opportunities/$id" params={{ id: opportunity.id }} className={clsx(buttonClass(acting.mayTrade ? "outline" : "solid"), "flex-1")}>
        Open <ArrowTopRightOnSquareIcon aria-hidden className="size-4" />
      </Link>
      {acting.mayTrade && (
        <Button look="solid" className="flex-1" disabled={obstacle !== null} title={obstacle ?? undefined} onClick={() => onExecute(opportunity)}>
          <BoltIcon aria-hidden className="size-4" />
          Execute
        </Button>
      )}
      <WatchStar product={opportunity.sealed_product} isAnonymous={acting.username === null} />
    </div>
  );
}

/** The docked inspector of wide screens. It is not modal: j and k keep moving through the rows. */
export function Inspector({ opportunity, acting, onExecute, onClose }: InspectorProps & { onClose: () => void }) {
  return (
    <aside aria-label={`Inspector: ${opportunity.sealed_product.name}`} className="card flex w-90 shrink-0 animate-slide-in flex-col overflow-hidden">
      <header className="flex items-start gap-2 border-b py-2 pr-1.5 pl-4">
        <h2 className="min-w-0 flex-1 py-1.5 text-sm font-semibold">{opportunity.sealed_product.name}</h2>
        <IconButton label="Close inspector" onClick={onClose}>
          <XMarkIcon aria-hidden className="size-5" />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3" tabIndex={0} role="region" aria-label="Details, scrollable">
        <InspectorBody opportunity={opportunity} />
      </div>
      <footer className="border-t p-3">
        <InspectorActions opportunity={opportunity} acting={acting} onExecute={onExecute} />
        <p className="mt-2 flex items-center justify-center gap-1.5 text-2xs text-muted">
          <Kbd>j</Kbd><Kbd>k</Kbd> move <Kbd>Enter</Kbd> open <Kbd>e</Kbd> execute <Kbd>w</Kbd> watch
        </p>
      </footer>
    </aside>
  );
}
