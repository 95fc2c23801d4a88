// The execution list's URL.

import { text, type RawSearch } from "@/lib/search-params";

export interface ExecutionSearch {
  state?: string;
  actor?: string;
}

export function parseExecutionSearch(raw: RawSearch): ExecutionSearch {
  const found: ExecutionSearch = { state: text(raw, "state", 20), actor: text(raw, "actor", 150) };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
