export const reportKeys = {
  all: ["reports"] as const,
  profit: (query: object) => ["reports", "profit", query] as const,
  calibration: () => ["reports", "calibration"] as const,
  backtests: () => ["reports", "backtests"] as const,
  backtestPage: (page: number) => ["reports", "backtests", "page", page] as const,
  backtest: (id: string) => ["reports", "backtests", "one", id] as const,
  signals: (id: string, query: object) => ["reports", "backtests", "signals", id, query] as const,
  findings: (query: object) => ["reports", "findings", query] as const,
  allFindings: () => ["reports", "findings"] as const,
};
