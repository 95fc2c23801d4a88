import type { ReactNode } from "react";

import type { Opportunity } from "@/api/types";
import { ConfidenceBar } from "@/components/ui/confidence-bar";
import { Freshness, Moment } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { RiskBadge } from "@/components/ui/risk-badge";
import { formatChance, formatFraction, humanise, MISSING } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import type { ColumnKey, Sortable } from "../hooks/screener-search";
import { Flags } from "./flags";
import { TrendCell } from "./trends";

export interface ScreenerColumn {
  key: ColumnKey;
  name: string;
  meaning: string;
  sort?: Sortable;
  alignRight?: boolean;
  cell: (row: Opportunity) => ReactNode;
  /** What the cell shows, as text: when it changes, the cell lights up. */
  fact?: (row: Opportunity) => unknown;
}

export const COLUMNS: readonly ScreenerColumn[] = [
  {
    key: "trend",
    name: "30 days",
    meaning: "Price of the sealed product over the last 30 days",
    cell: (row) => <TrendCell opportunity={row} />,
  },
  {
    key: "cost",
    name: "Cost",
    meaning: "What the sealed product costs, with shipping and tax",
    sort: "total_cost",
    alignRight: true,
    cell: (row) => <Money amount={row.total_cost} currency={row.currency} />,
    fact: (row) => row.total_cost,
  },
  {
    key: "value",
    name: "Net value",
    meaning: "Expected proceeds of the singles after fees, postage and floor",
    alignRight: true,
    cell: (row) => <Money amount={row.singles_value} currency={row.currency} />,
    fact: (row) => row.singles_value,
  },
  {
    key: "naive",
    name: "Naive",
    meaning: "Margin at market prices, before any fee. Do not act on it",
    alignRight: true,
    cell: (row) => <Margin value={row.naive_margin_percentage} muted />,
    fact: (row) => row.naive_margin_percentage,
  },
  {
    key: "margin",
    name: "Net margin",
    meaning: "Margin after fees, postage and the per-card floor, on the total cost",
    sort: "margin_percentage",
    alignRight: true,
    cell: (row) => <Margin value={row.margin_percentage} className="font-semibold" />,
    fact: (row) => row.margin_percentage,
  },
  {
    key: "profit",
    name: "Profit",
    meaning: "Expected net profit of one unit",
    sort: "net_profit",
    alignRight: true,
    cell: (row) => <Money amount={row.net_profit} currency={row.currency} signed />,
    fact: (row) => row.net_profit,
  },
  {
    key: "chance",
    name: "Chance",
    meaning: "How likely one unit ends with a profit",
    alignRight: true,
    cell: (row) => <span className="num">{formatChance(row.probability_of_profit)}</span>,
    fact: (row) => row.probability_of_profit,
  },
  {
    key: "confidence",
    name: "Confidence",
    meaning: "Four weighted factors, 0 to 1",
    sort: "confidence_score",
    cell: (row) => <ConfidenceBar score={row.confidence_score} />,
    fact: (row) => row.confidence_score,
  },
  {
    key: "risk",
    name: "Risk",
    meaning: "From confidence and net margin",
    cell: (row) => <RiskBadge level={row.risk_level} />,
    fact: (row) => row.risk_level,
  },
  {
    key: "coverage",
    name: "Coverage",
    meaning: "Share of the expected cards that have a usable price",
    alignRight: true,
    cell: (row) => <span className="num">{formatFraction(row.coverage, 0)}</span>,
    fact: (row) => row.coverage,
  },
  {
    key: "age",
    name: "Price age",
    meaning: "Age of the oldest price used",
    cell: (row) => <Freshness at={row.oldest_price_at} />,
    fact: (row) => row.oldest_price_at,
  },
  {
    key: "flags",
    name: "Flags",
    meaning: "Warnings",
    cell: (row) => <Flags flags={row.flags} needsReview={row.needs_review} limit={1} />,
    fact: (row) => row.flags.join(),
  },
  {
    key: "sellers",
    name: "Sellers",
    meaning: "Sellers of the sealed product, and the competition that means",
    alignRight: true,
    cell: (row) => (
      <span className="num" title={`Competition: ${humanise(row.competition_level)}`}>{row.seller_count ?? MISSING}</span>
    ),
    fact: (row) => row.seller_count,
  },
  {
    key: "source",
    name: "Buy → sell",
    meaning: "Where the prices come from",
    cell: (row) => <span className="text-xs whitespace-nowrap">{sourceName(row.buy_source)} → {sourceName(row.sell_source)}</span>,
  },
  {
    key: "expires",
    name: "Expires",
    meaning: "When the prices become too old to act on",
    sort: "expires_at",
    cell: (row) => <Moment at={row.expires_at} />,
    fact: (row) => row.expires_at,
  },
];

/** The columns of a view, in the fixed order. */
export function visibleColumns(keys: readonly string[]): ScreenerColumn[] {
  return COLUMNS.filter((column) => keys.includes(column.key));
}
