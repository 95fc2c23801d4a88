export const systemKeys = {
  all: ["system"] as const,
  overview: () => ["system", "overview"] as const,
  /** Shared with what executes: engaging or releasing a kill switch changes it. */
  trading: () => ["trading", "status"] as const,
};
