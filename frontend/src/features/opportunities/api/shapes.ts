// What the newer endpoints answer. Money, ratios and percentages are decimal text.

import type { Percentiles } from "@/api/types";

/** The figures of one product that decide whether to act. */
export interface Figures {
  sealed_price: string;
  total_cost: string;
  singles_value: string;
  net_profit: string;
  margin_percentage: string;
  confidence_score: string | null;
  probability_of_profit: string | null;
  oldest_price_at: string;
  available_quantity: number | null;
}

export interface Reason {
  code: string;
  detail: string;
}

export interface Revalidation {
  quote_version: string;
  status: "unchanged" | "moved" | "gone";
  reasons: Reason[];
  shown: Figures;
  fresh: Figures | null;
  checked_at: string;
}

export interface Assumptions {
  quantity: number;
  sealed_price: string;
  shipping_cost: string;
  fixed_cost: string;
  fee_rate: string;
  floor: string;
  sell_through: string;
  bulk_discount: string;
  tax_rate: string;
}

export type AssumptionName = keyof Assumptions;

/** One product opened by dice. */
export interface SamplePack {
  value: string;
  cards: { name: string; finish: string; price: string | null; quantity: number }[];
}

export interface SimulationResult {
  quantity: number;
  currency: string;
  total_cost: string;
  gross_value: string;
  net_value: string;
  net_profit: string;
  margin_percentage: string;
  probability_of_profit: string;
  standard_deviation: string;
  percentiles: Percentiles;
  points: { value: string; probability: string }[];
  lines_counted: number;
  simulation: { trials: number; seed: number; mean: string; loss_probability: string; sample_packs: SamplePack[] } | null;
}

export interface Simulation {
  scenario: { id: string; name: string } | null;
  assumptions: Assumptions & { changed: AssumptionName[] };
  result: SimulationResult;
  /** Against the stored figures of as many products. */
  delta: { net_profit: string; margin_percentage: string; probability_of_profit: string | null };
}

export interface Scenario {
  id: string;
  name: string;
  opportunity: string;
  assumptions: Partial<Assumptions & { changed: AssumptionName[] }>;
  result: Pick<SimulationResult, "net_profit" | "margin_percentage" | "currency" | "quantity">;
  created_at: string;
}

export interface Sparkline {
  product: string;
  source: string;
  currency: string;
  points: { day: string; price: string }[];
}

export interface SavedView {
  id: string;
  page: string;
  name: string;
  query: string;
  is_default: boolean;
  is_shared: boolean;
  is_own: boolean;
  owner: string;
}

export interface Watch {
  id: string;
  product: { id: string; name: string };
  note: string;
}

export interface TimelineEvent {
  id: string;
  recorded_at: string;
  actor: string | null;
  verb: string;
  data: Record<string, unknown>;
  hash: string;
  seq: number;
  stream: string;
}

export interface Timeline {
  results: TimelineEvent[];
  /** null: not checked yet. */
  verified: boolean | null;
}

export interface FiguresPoint {
  revision: number;
  recorded_at: string;
  sealed_price: string;
  total_cost: string;
  net_profit: string;
  margin_percentage: string;
  confidence_score: string;
}

export interface FiguresHistory {
  currency: string;
  points: FiguresPoint[];
}

export type BulkAction = "dismiss" | "watch" | "unwatch" | "refresh" | "revalidate";

export interface BulkAnswer {
  action: BulkAction;
  matched: number;
  done: number;
  skipped: { id: string; code: string; detail: string }[];
  job?: unknown;
}
