import type { OpportunityQuery } from "@/api/types";

export const opportunityKeys = {
  all: ["opportunities"] as const,
  list: (query: OpportunityQuery) => ["opportunities", "list", query] as const,
  summary: () => ["opportunities", "summary"] as const,
  detail: (id: string) => ["opportunities", "detail", id] as const,
  explanation: (id: string) => ["opportunities", "explanation", id] as const,
};
