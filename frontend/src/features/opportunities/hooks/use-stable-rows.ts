// Polling must not move rows under a person's pointer. Values change in place; rows that arrive, leave or change
// places wait until they are asked for.

import { useState } from "react";

import type { Opportunity } from "@/api/types";

export interface StableRow {
  opportunity: Opportunity;
  /** Changed since the list was last arranged. */
  hasChanged: boolean;
  /** No longer in the latest answer. */
  isGone: boolean;
}

export interface Pending {
  added: number;
  gone: number;
  moved: boolean;
}

interface Arrangement {
  key: string;
  rows: Opportunity[];
}

export function mergeRows(arranged: Opportunity[], latest: Opportunity[]): StableRow[] {
  const byId = new Map(latest.map((row) => [row.id, row]));
  return arranged.map((row) => {
    const current = byId.get(row.id);
    return {
      opportunity: current ?? row,
      hasChanged: current !== undefined && current.updated_at !== row.updated_at,
      isGone: current === undefined,
    };
  });
}

export function pendingChanges(arranged: Opportunity[], latest: Opportunity[]): Pending {
  const before = new Set(arranged.map((row) => row.id));
  const after = new Set(latest.map((row) => row.id));
  const kept = (rows: Opportunity[], other: Set<string>) => rows.map((row) => row.id).filter((id) => other.has(id));
  return {
    added: latest.filter((row) => !before.has(row.id)).length,
    gone: arranged.filter((row) => !after.has(row.id)).length,
    moved: kept(arranged, after).join() !== kept(latest, before).join(),
  };
}

/**
 * Rows in the order in which they were first shown for `key` (the query as text).
 * Pass undefined while the answer for this key is still on its way: the old rows stay.
 */
export function useStableRows(latest: Opportunity[] | undefined, key: string) {
  const [arrangement, setArrangement] = useState<Arrangement | null>(null);
  if (latest && arrangement?.key !== key) setArrangement({ key, rows: latest });
  const arranged = arrangement?.rows ?? [];
  const isCurrent = latest !== undefined && arrangement?.key === key;
  return {
    rows: mergeRows(arranged, isCurrent ? latest : arranged),
    pending: isCurrent ? pendingChanges(arranged, latest) : { added: 0, gone: 0, moved: false },
    rearrange: () => latest && setArrangement({ key, rows: latest }),
  };
}
