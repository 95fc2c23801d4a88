export const systemKeys = {
  all: ["system"] as const,
  overview: () => ["system", "overview"] as const,
  safety: () => ["trading"] as const,
  limits: () => ["trading", "limits"] as const,
  /** Shared with what executes: engaging or releasing a kill switch changes it. */
  trading: () => ["trading", "status"] as const,
};
