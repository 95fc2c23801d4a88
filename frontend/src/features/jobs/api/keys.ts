import type { JobQuery } from "@/api/types";

export const jobKeys = {
  all: ["jobs"] as const,
  lists: () => ["jobs", "list"] as const,
  list: (query: JobQuery) => ["jobs", "list", query] as const,
  detail: (id: string) => ["jobs", "detail", id] as const,
};
