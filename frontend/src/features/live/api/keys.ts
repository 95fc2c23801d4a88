export const deskKeys = {
  all: ["desk"] as const,
  spreads: () => ["desk", "spreads"] as const,
  spread: (id: string, opening: string) => ["desk", "spread", id, opening] as const,
  markets: () => ["desk", "markets"] as const,
  signals: () => ["desk", "signals"] as const,
  health: () => ["desk", "health"] as const,
  executions: (market: string) => ["desk", "executions", market] as const,
  execution: (id: string) => ["desk", "execution", id] as const,
};
