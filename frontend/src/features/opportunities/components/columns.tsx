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

type CsvCell = [header: string, value: (row: Opportunity) => string | number | boolean | null];

export interface ScreenerColumn {
  key: ColumnKey;
  name: string;
  meaning: string;
  sort?: Sortable;
  alignRight?: boolean;
  cell: (row: Opportunity) => ReactNode;
  csv: CsvCell[];
}

export const PRODUCT_CSV: CsvCell[] = [
  ["id", (row) => row.id],
  ["product", (row) => row.sealed_product.name],
  ["set_code", (row) => row.sealed_product.set_code],
  ["set_name", (row) => row.sealed_product.set_name],
  ["category", (row) => row.sealed_product.category],
  ["currency", (row) => row.currency],
];

export const COLUMNS: readonly ScreenerColumn[] = [
  {
    key: "cost",
    name: "Cost",
    meaning: "What the sealed product costs, with shipping and tax",
    sort: "total_cost",
    alignRight: true,
    cell: (row) => <Money amount={row.total_cost} currency={row.currency} />,
    csv: [["sealed_price", (row) => row.sealed_price], ["total_cost", (row) => row.total_cost]],
  },
  {
    key: "value",
    name: "Net value",
    meaning: "Expected proceeds of the singles after fees, postage and floor",
    alignRight: true,
    cell: (row) => <Money amount={row.singles_value} currency={row.currency} />,
    csv: [["singles_value", (row) => row.singles_value], ["gross_singles_value", (row) => row.gross_singles_value]],
  },
  {
    key: "naive",
    name: "Naive",
    meaning: "Margin at market prices, before any fee. Do not act on it",
    alignRight: true,
    cell: (row) => <Margin value={row.naive_margin_percentage} muted />,
    csv: [["naive_margin_percentage", (row) => row.naive_margin_percentage]],
  },
  {
    key: "margin",
    name: "Net margin",
    meaning: "Margin after fees, postage and the per-card floor, on the total cost",
    sort: "margin_percentage",
    alignRight: true,
    cell: (row) => <Margin value={row.margin_percentage} className="font-semibold" />,
    csv: [["margin_percentage", (row) => row.margin_percentage]],
  },
  {
    key: "profit",
    name: "Profit",
    meaning: "Expected net profit of one unit",
    sort: "net_profit",
    alignRight: true,
    cell: (row) => <Money amount={row.net_profit} currency={row.currency} signed />,
    csv: [["net_profit", (row) => row.net_profit]],
  },
  {
    key: "chance",
    name: "Chance",
    meaning: "How likely one unit ends with a profit",
    alignRight: true,
    cell: (row) => <span className="num">{formatChance(row.probability_of_profit)}</span>,
    csv: [["probability_of_profit", (row) => row.probability_of_profit]],
  },
  {
    key: "confidence",
    name: "Confidence",
    meaning: "Four weighted factors, 0 to 1",
    sort: "confidence_score",
    cell: (row) => <ConfidenceBar score={row.confidence_score} />,
    csv: [["confidence_score", (row) => row.confidence_score]],
  },
  {
    key: "risk",
    name: "Risk",
    meaning: "From confidence and net margin",
    cell: (row) => <RiskBadge level={row.risk_level} />,
    csv: [["risk_level", (row) => row.risk_level]],
  },
  {
    key: "coverage",
    name: "Coverage",
    meaning: "Share of the expected cards that have a usable price",
    alignRight: true,
    cell: (row) => <span className="num">{formatFraction(row.coverage, 0)}</span>,
    csv: [["coverage", (row) => row.coverage], ["lines_counted", (row) => row.lines_counted]],
  },
  {
    key: "age",
    name: "Price age",
    meaning: "Age of the oldest price used",
    cell: (row) => <Freshness at={row.oldest_price_at} />,
    csv: [["oldest_price_at", (row) => row.oldest_price_at], ["updated_at", (row) => row.updated_at]],
  },
  {
    key: "flags",
    name: "Flags",
    meaning: "Warnings",
    cell: (row) => <Flags flags={row.flags} needsReview={row.needs_review} limit={1} />,
    csv: [["flags", (row) => row.flags.join(" ")], ["needs_review", (row) => row.needs_review]],
  },
  {
    key: "sellers",
    name: "Sellers",
    meaning: "Sellers of the sealed product, and the competition that means",
    alignRight: true,
    cell: (row) => (
      <span className="num" title={`Competition: ${humanise(row.competition_level)}`}>{row.seller_count ?? MISSING}</span>
    ),
    csv: [["seller_count", (row) => row.seller_count], ["competition_level", (row) => row.competition_level]],
  },
  {
    key: "source",
    name: "Buy → sell",
    meaning: "Where the prices come from",
    cell: (row) => <span className="text-xs whitespace-nowrap">{sourceName(row.buy_source)} → {sourceName(row.sell_source)}</span>,
    csv: [["buy_source", (row) => row.buy_source], ["sell_source", (row) => row.sell_source]],
  },
  {
    key: "expires",
    name: "Expires",
    meaning: "When the prices become too old to act on",
    sort: "expires_at",
    cell: (row) => <Moment at={row.expires_at} />,
    csv: [["expires_at", (row) => row.expires_at]],
  },
];

/** The columns of a view, in the fixed order. */
export function visibleColumns(keys: readonly ColumnKey[]): ScreenerColumn[] {
  return COLUMNS.filter((column) => keys.includes(column.key));
}
