export const marketKeys = {
  all: ["markets"] as const,
  sources: () => ["markets", "sources"] as const,
  coverage: () => ["markets", "coverage"] as const,
};
