// The shapes of the API that the dashboard reads. Money and ratios are decimal text.

import type { Decimal } from "@/lib/decimal";

export type RiskLevel = "low" | "medium" | "high";

export interface Page<T> {
  next: string | null;
  previous: string | null;
  count: number;
  results: T[];
}

export interface ProductBrief {
  id: string;
  name: string;
  set_name: string;
  set_code: string;
  category: string;
  sealed_kind: string;
  image_url: string;
  is_demo: boolean;
}

export interface Opportunity {
  id: string;
  kind: string;
  status: string;
  sealed_product: ProductBrief;
  buy_source: string;
  sell_source: string;
  policy: string;
  currency: string;
  sealed_price: Decimal;
  total_cost: Decimal;
  singles_value: Decimal;
  gross_singles_value: Decimal;
  net_profit: Decimal;
  margin_percentage: Decimal;
  naive_margin_percentage: Decimal;
  coverage: Decimal;
  lines_counted: number;
  probability_of_profit: Decimal | null;
  confidence_score: Decimal;
  risk_level: RiskLevel;
  rank_score: Decimal;
  seller_count: number | null;
  competition_level: string;
  flags: string[];
  needs_review: boolean;
  oldest_price_at: string;
  expires_at: string | null;
  created_at: string;
  updated_at: string;
}

export type FactorName = "price_stability" | "seller_count" | "volume_history" | "margin_size";

export interface Factor {
  score: Decimal;
  weight: Decimal;
  inputs: Record<string, unknown>;
}

export type Factors = Record<FactorName, Factor>;
export type Percentiles = Partial<Record<"5" | "25" | "50" | "75" | "95", Decimal>>;

export interface OpportunityDetail extends Opportunity {
  standard_deviation: Decimal | null;
  percentiles: Percentiles;
  factors: Factors;
  algorithm_version: string;
  fee_schedule: null | {
    venue: string;
    programme: string;
    version: number;
    source_url: string;
    valid_from: string;
  };
  execution_quantity: number;
  execution_notes: string;
  executed_at: string | null;
  detected_count: number;
}

export interface RiskCondition {
  text: string;
  holds: boolean;
}

export interface ContentsLine {
  product_id: string;
  name: string;
  set_code: string;
  number: string;
  rarity: string;
  finish: string;
  guaranteed: boolean;
  expected_copies: Decimal;
  price: Decimal | null;
  gross_value: Decimal | null;
  net_value: Decimal | null;
  share: Decimal | null;
  counted: boolean;
  recorded_at: string | null;
}

export interface DistributionPoint {
  value: Decimal;
  probability: Decimal;
}

export interface Distribution {
  currency: string;
  mean: Decimal;
  standard_deviation: Decimal | null;
  percentiles: Percentiles;
  probability_of_profit: Decimal | null;
  break_even: Decimal;
  points: DistributionPoint[];
}

export interface WaterfallStep {
  label: string;
  amount: Decimal;
}

export interface Explanation {
  confidence: { score: Decimal; factors: Factors };
  risk: { level: RiskLevel; conditions: RiskCondition[]; to_improve: string | string[] | null };
  contents: { complete: boolean; coverage: Decimal; unresolved: string[]; lines: ContentsLine[] };
  distribution: Distribution | null;
  waterfall: WaterfallStep[];
}

export interface Summary {
  active_count: number;
  needs_review_count: number;
  by_risk: Record<RiskLevel, number>;
  by_category: Record<string, number>;
  expected_profit: { currency: string; amount: Decimal }[];
  average_confidence: Decimal | null;
  average_margin_percentage: Decimal | null;
  best: Opportunity | null;
  oldest_price_at: string | null;
  newest_price_at: string | null;
  updated_at: string | null;
}

export interface Identifier {
  source: string;
  external_id: string;
  finish: string;
}

export interface Product extends ProductBrief {
  product_type: "sealed" | "single";
  number: string;
  rarity: string;
  language: string;
  released_on: string | null;
  finishes: string[];
  sealed_subtype: string;
  description: string;
  is_active: boolean;
  is_featured: boolean;
  identifiers: Identifier[];
}

export interface Price {
  source: string;
  price_type: string;
  finish: string;
  condition: string;
  price: Decimal;
  currency: string;
  seller_count: number | null;
  available_quantity: number | null;
  recorded_at: string;
}

export type PriceRecord = Price;

export interface Session {
  user: null | { username: string; role: string; time_zone: string };
  mode: string;
  is_demo: boolean;
  version: string;
}
