// The audit list's URL: who did what to what, and when.

import { text, type RawSearch } from "@/lib/search-params";

export interface AuditSearch {
  actor?: string;
  verb?: string;
  subject?: string;
  /** Days, "2026-11-21". */
  from?: string;
  to?: string;
}

function day(raw: RawSearch, key: string): string | undefined {
  const value = text(raw, key, 10);
  return value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

export function parseAuditSearch(raw: RawSearch): AuditSearch {
  const found: AuditSearch = {
    actor: text(raw, "actor", 150),
    verb: text(raw, "verb", 80),
    subject: text(raw, "subject", 100),
    from: day(raw, "from"),
    to: day(raw, "to"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
