// What the endpoints of executions answer. Money is decimal text, in the execution's currency.

import type { RiskLevel } from "@/api/types";

export const EXECUTION_STATES = ["bought", "selling", "settled", "cancelled", "failed"] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

export interface Execution {
  id: string;
  opportunity: string;
  product: { id: string; name: string; set_name: string; set_code: string; category: string; sealed_kind: string; image_url: string; is_demo: boolean };
  buy_source: string;
  sell_source: string;
  actor: string;
  mode: "paper" | "live";
  state: ExecutionState;
  quantity: number;
  currency: string;
  expected_cost: string;
  expected_proceeds: string;
  expected_profit: string;
  expected_margin_percentage: string;
  confidence_score: string;
  probability_of_profit: string | null;
  risk_level: RiskLevel;
  realised_cost: string | null;
  realised_proceeds: string | null;
  realised_profit: string | null;
  quote_version: string;
  note: string;
  created_at: string;
  settles_at: string | null;
  settled_at: string | null;
  closed_reason: string;
}

export interface Fill {
  id: string;
  quantity: number;
  price: string;
  fees: string;
  postage: string;
  filled_at: string;
  price_recorded_at: string;
}

export interface Order {
  id: string;
  leg: number;
  side: "buy" | "sell";
  state: "open" | "filled" | "cancelled";
  client_order_id: string;
  source: string;
  product: { id: string; name: string };
  finish: string;
  quantity: number;
  limit_price: string | null;
  fills: Fill[];
}

export interface Posting {
  key: string;
  description: string;
  posted_at: string;
  entries: { account: string; currency: string; amount: string }[];
}

export interface PulledCard {
  product: { id: string; name: string; set_code?: string; number?: string };
  finish: string;
  quantity: number;
  model_copies: string;
  model_price: string | null;
}

export interface Opening {
  id: string;
  origin: "simulated" | "entered";
  quantity: number;
  note: string;
  opened_at: string;
  entered_by: string | null;
  lines: PulledCard[];
}

export interface Sale {
  id: string;
  product: { id: string; name: string };
  finish: string;
  quantity: number;
  gross: string;
  fees: string;
  postage: string;
  /** By a person; else the broker sold it. */
  is_entered: boolean;
  sold_at: string;
  note: string;
  entered_by: string | null;
}

export interface ExecutionDetail extends Execution {
  orders: Order[];
  postings: Posting[];
  openings: Opening[];
}

export interface ComparedCard {
  product: { id: string; name: string; set_code: string; number: string };
  finish: string;
  expected_copies: string;
  pulled: number;
  sold: number;
  model_price: string | null;
  average_price: string | null;
  /** Of all sold copies, after fees and postage. */
  net: string | null;
  /** Whether its price reaches the floor of the model. */
  is_counted: boolean;
}

interface Totals {
  cost: string;
  proceeds: string;
  profit: string;
}

export interface Comparison {
  currency: string;
  quantity: number;
  /** Products opened so far. */
  opened: number;
  is_settled: boolean;
  expected: Totals;
  /** So far; the profit is proceeds so far less the whole cost. */
  realised: Totals;
  cards: ComparedCard[];
  pulled_value: string;
  model_value: string;
}
