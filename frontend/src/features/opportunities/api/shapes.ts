// Short names for what the endpoints around one opportunity and the screener answer.

import type { components } from "@/api/schema.gen";

type Schemas = components["schemas"];

/** The figures of one product that decide whether to act. */
export type Figures = Schemas["Figures"];
export type Reason = Schemas["RevalidationReason"];
export type Revalidation = Schemas["Revalidation"];

export type Assumptions = Omit<Schemas["EffectiveAssumptions"], "changed">;
export type AssumptionName = keyof Assumptions;
/** Every assumption as used, and the names of those that a person changed. */
export type EffectiveAssumptions = Assumptions & { changed: readonly string[] };

/** One product opened by dice. */
export type SamplePack = Schemas["Sample"];
export type SimulationResult = Schemas["SimulationResult"];
export type Simulation = Schemas["Simulation"];

/** A kept calculation: the request's effect and the answer as they were. */
export type Scenario = Omit<Schemas["Scenario"], "assumptions" | "result"> & {
  assumptions: Partial<EffectiveAssumptions>;
  result: Pick<SimulationResult, "net_profit" | "margin_percentage" | "currency" | "quantity">;
};

export interface Sparkline {
  product: string;
  source: string;
  currency: string;
  points: { day: string; price: string }[];
}

export type SavedView = Schemas["SavedView"];
export type Watch = Schemas["Watch"];
export type TimelineEvent = Schemas["TimelineEvent"];
/** `verified` null: there is nothing to verify. */
export type Timeline = Schemas["Timeline"];
export type FiguresPoint = Schemas["Revision"];
export type FiguresHistory = Schemas["Revisions"];

export type BulkAnswer = Schemas["BulkAnswer"];
export type BulkAction = BulkAnswer["action"];
