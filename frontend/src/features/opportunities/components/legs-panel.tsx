import { ArrowLongRightIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { OpportunityDetail } from "@/api/types";
import { Freshness } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { Fact, Section } from "@/components/ui/section";
import { formatCount, formatFraction, humanise } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

function Leg({ verb, place, figure, children }: { verb: string; place: string; figure: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 flex-1 rounded-lg border p-3">
      <p className="flex items-baseline justify-between gap-3">
        <span className="text-[0.8125rem] font-semibold">{verb} <span className="font-normal text-muted">at {place}</span></span>
        <span className="num text-base font-semibold">{figure}</span>
      </p>
      <dl className="mt-1">{children}</dl>
    </div>
  );
}

/** The two legs: what is bought where, and what is sold where. */
export function LegsPanel({ opportunity }: { opportunity: OpportunityDetail }) {
  const { currency, sealed_product: product } = opportunity;
  return (
    <Section title="Legs" note="For one product. Sale proceeds are expected ones, after floor, fees and postage.">
      <div className="flex flex-col items-stretch gap-3 lg:flex-row lg:items-center">
        <Leg verb="Buy" place={sourceName(opportunity.buy_source)} figure={<Money amount={opportunity.total_cost} currency={currency} />}>
          <Fact label="What"><Link to="/products/$id" params={{ id: product.id }} className="hover:text-accent hover:underline">{product.name}</Link></Fact>
          <Fact label="Price"><Money amount={opportunity.sealed_price} currency={currency} /></Fact>
          <Fact label="Sellers">{opportunity.seller_count === null ? "unknown" : `${formatCount(opportunity.seller_count)}, ${humanise(opportunity.competition_level).toLowerCase()} competition`}</Fact>
          <Fact label="Oldest price used"><Freshness at={opportunity.oldest_price_at} form="long" /></Fact>
        </Leg>
        <ArrowLongRightIcon aria-hidden className="mx-auto size-6 shrink-0 rotate-90 text-muted lg:rotate-0" />
        <Leg verb="Sell" place={sourceName(opportunity.sell_source)} figure={<Money amount={opportunity.singles_value} currency={currency} />}>
          <Fact label="What">{formatCount(opportunity.lines_counted)} cards worth selling one by one</Fact>
          <Fact label="At market prices"><Money amount={opportunity.gross_singles_value} currency={currency} /></Fact>
          <Fact label="Cards with a usable price">{formatFraction(opportunity.coverage)}</Fact>
          <Fact label="Fees">{opportunity.fee_schedule ? `${sourceName(opportunity.fee_schedule.venue)} ${opportunity.fee_schedule.programme}` : "none applied"}</Fact>
        </Leg>
        <ArrowLongRightIcon aria-hidden className="mx-auto size-6 shrink-0 rotate-90 text-muted lg:rotate-0" />
        <div className="rounded-lg bg-sunken p-3 text-center lg:w-44">
          <p className="text-xs text-muted">Left over</p>
          <p className="text-xl font-semibold"><Money amount={opportunity.net_profit} currency={currency} signed /></p>
        </div>
      </div>
    </Section>
  );
}
