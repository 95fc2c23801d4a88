import type { OpportunityDetail } from "@/api/types";
import { Freshness } from "@/components/ui/freshness";
import { Fact, Section } from "@/components/ui/section";
import { formatCount, humanise } from "@/lib/format";
import { formatDate, formatUtc } from "@/lib/time";
import { sourceName } from "@/lib/vocabulary";

function FeeSchedule({ fees }: { fees: OpportunityDetail["fee_schedule"] }) {
  if (!fees) return <span className="text-muted">none applied</span>;
  const text = `${sourceName(fees.venue)} ${fees.programme}, version ${fees.version}, from ${formatDate(fees.valid_from)}`;
  if (!/^https?:\/\//.test(fees.source_url)) return text;
  return <a href={fees.source_url} target="_blank" rel="noreferrer" className="text-accent underline">{text}</a>;
}

/** Where every figure comes from, enough to compute it again. */
export function InputsPanel({ opportunity }: { opportunity: OpportunityDetail }) {
  return (
    <Section title="Inputs and provenance" note="Enough to compute every figure again.">
      <dl>
        <Fact label="Bought at">{sourceName(opportunity.buy_source)}</Fact>
        <Fact label="Sold at">{sourceName(opportunity.sell_source)}</Fact>
        <Fact label="Fee schedule"><FeeSchedule fees={opportunity.fee_schedule} /></Fact>
        <Fact label="Valuation policy">{humanise(opportunity.policy)}</Fact>
        <Fact label="Algorithm version"><span className="num">{opportunity.algorithm_version}</span></Fact>
        <Fact label="Oldest price used"><Freshness at={opportunity.oldest_price_at} form="long" /></Fact>
        <Fact label="First seen"><span className="num">{formatUtc(opportunity.created_at)}</span></Fact>
        <Fact label="Last analysed"><span className="num">{formatUtc(opportunity.updated_at)}</span></Fact>
        {opportunity.closed_at && (
          <Fact label="Closed">
            <span className="num">{formatUtc(opportunity.closed_at)}</span>
            {opportunity.closed_reason && `, ${humanise(opportunity.closed_reason).toLowerCase()}`}
          </Fact>
        )}
        <Fact label="Times detected"><span className="num">{formatCount(opportunity.detected_count)}</span></Fact>
        <Fact label="Id"><code className="text-2xs break-all select-all">{opportunity.id}</code></Fact>
      </dl>
    </Section>
  );
}
