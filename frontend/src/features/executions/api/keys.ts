export const executionKeys = {
  all: ["executions"] as const,
  list: (query: object) => ["executions", "list", query] as const,
  detail: (id: string) => ["executions", "detail", id] as const,
  comparison: (id: string) => ["executions", "comparison", id] as const,
  sales: (id: string) => ["executions", "sales", id] as const,
};
