export const priceKeys = {
  all: ["prices"] as const,
  current: (id: string) => ["prices", "current", id] as const,
  history: (id: string, days: number | undefined) => ["prices", "history", id, days ?? "all"] as const,
};
