// Short names for what the endpoints of executions answer. Money is decimal text, in the execution's currency.

import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];

export const EXECUTION_STATES = ["bought", "selling", "settled", "cancelled", "failed"] as const satisfies readonly Schemas["Execution"]["state"][];
export type ExecutionState = (typeof EXECUTION_STATES)[number];

/** Answers always carry these; the schema calls fields with a default optional because it thinks of requests. */
interface Complete {
  product: Required<Schemas["SealedProduct"]>;
}

export type Execution = Omit<Schemas["Execution"], keyof Complete> & Complete;
export type ExecutionDetail = Omit<Schemas["ExecutionDetail"], keyof Complete | "orders"> & Complete & { orders: readonly Order[] };
export type Order = Omit<Schemas["Order"], "state"> & { state: NonNullable<Schemas["Order"]["state"]> };
export type Posting = Schemas["Posting"];
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
