import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";

import type { Summary } from "@/api/types";
import { Freshness } from "@/components/ui/freshness";
import { QueryState, Skeleton } from "@/components/ui/states";
import { formatCount, formatDecimal, formatMoney, formatPercent } from "@/lib/format";

import { useSummary } from "../api/get-summary";
import { useOpportunities } from "../api/list-opportunities";
import { PRESETS } from "../hooks/presets";
import { toApiQuery, type ScreenerSearch } from "../hooks/screener-search";

interface TileProps {
  label: string;
  hint: ReactNode;
  search: ScreenerSearch;
  children: ReactNode;
}

function Tile({ label, hint, search, children }: TileProps) {
  return (
    <Link to="/opportunities" search={search} className="card block p-4 transition-colors hover:border-line-strong hover:bg-sunken">
      <span className="block text-xs text-muted">{label}</span>
      <span className="num mt-1 block text-2xl font-semibold tracking-tight">{children}</span>
      <span className="mt-1 block text-2xs text-muted">{hint}</span>
    </Link>
  );
}

function ExpectedProfit({ amounts }: { amounts: Summary["expected_profit"] }) {
  if (amounts.length === 0) return "–";
  return amounts.map(({ currency, amount }, index) => (
    <span key={currency} className={clsx("block", index > 0 && "text-base")}>{formatMoney(amount, currency)}</span>
  ));
}

const EXECUTABLE = PRESETS.find((preset) => preset.id === "executable")?.filters ?? {};

/** How many the preset of that name shows. */
function ExecutableCount() {
  const { data } = useOpportunities({ ...toApiQuery(EXECUTABLE, 0), page: 1, page_size: 1 });
  return data ? formatCount(data.count) : "–";
}

/** The state of the market in six figures; each leads to the list behind it. */
export function SummaryTiles() {
  const query = useSummary();
  const skeleton = (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-3 xl:grid-cols-6">
      {Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-26" />)}
    </div>
  );
  return (
    <QueryState query={query} skeleton={skeleton}>
      {(data) => (
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-3 xl:grid-cols-6">
          <Tile label="Executable now" hint={`${formatCount(data.by_risk.low)} low risk, ${formatCount(data.by_risk.medium)} medium`} search={EXECUTABLE}><ExecutableCount /></Tile>
          <Tile label="Active opportunities" hint="trusted, not expired" search={{ view: "all" }}>{formatCount(data.active_count)}</Tile>
          <Tile label="Expected profit" hint="one unit of each" search={{ ordering: "-net_profit" }}><ExpectedProfit amounts={data.expected_profit} /></Tile>
          <Tile label="Average net margin" hint={`average confidence ${formatDecimal(data.average_confidence)}`} search={{ ordering: "-margin_percentage" }}>
            {formatPercent(data.average_margin_percentage)}
          </Tile>
          <Tile label="Needs review" hint="margin of 300 % or more" search={{ needs_review: "true" }}>{formatCount(data.needs_review_count)}</Tile>
          <Tile label="Oldest price in use" hint={data.newest_price_at ? <>newest in use <Freshness at={data.newest_price_at} /></> : "no prices"} search={{ ordering: "-updated_at" }}>
            <Freshness at={data.oldest_price_at} className="text-xl" />
          </Tile>
        </div>
      )}
    </QueryState>
  );
}
