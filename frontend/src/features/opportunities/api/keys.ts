import type { OpportunityQuery } from "@/api/types";

export const opportunityKeys = {
  all: ["opportunities"] as const,
  lists: () => ["opportunities", "list"] as const,
  list: (query: OpportunityQuery) => ["opportunities", "list", query] as const,
  summary: () => ["opportunities", "summary"] as const,
  detail: (id: string) => ["opportunities", "detail", id] as const,
  explanation: (id: string) => ["opportunities", "explanation", id] as const,
  history: (id: string) => ["opportunities", "history", id] as const,
  timeline: (id: string) => ["opportunities", "timeline", id] as const,
  simulation: (id: string, assumptions: object) => ["opportunities", "simulation", id, assumptions] as const,
  scenarios: (id: string) => ["opportunities", "scenarios", id] as const,
  sparklines: (ids: readonly string[], days: number) => ["opportunities", "sparklines", days, ids] as const,
};

/** The watchlist and the saved views are asked for by other pages too. */
export const watchKeys = { all: ["watches"] as const, mine: () => ["watches", "mine"] as const };
export const viewKeys = { all: ["saved-views"] as const, screener: () => ["saved-views", "opportunities"] as const };
