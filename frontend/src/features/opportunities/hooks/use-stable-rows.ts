// News must not move rows under a person's pointer. Values change in place; rows that arrive, leave or change
// places wait until they are asked for.

import { useMemo, useState } from "react";

import type { Opportunity } from "@/api/types";

const NONE: Opportunity[] = [];

export interface StableRow {
  opportunity: Opportunity;
  /** As it was when the list was last arranged, if it has changed since. */
  previous: Opportunity | undefined;
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
  /** When these rows were read, in milliseconds. */
  at: number;
}

export function mergeRows(arranged: Opportunity[], latest: Opportunity[]): StableRow[] {
  const byId = new Map(latest.map((row) => [row.id, row]));
  return arranged.map((row) => {
    const current = byId.get(row.id);
    const hasChanged = current !== undefined && current.updated_at !== row.updated_at;
    return { opportunity: current ?? row, previous: hasChanged ? row : undefined, isGone: current === undefined };
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

interface Held {
  key: string;
  rows: Opportunity[];
}

/** The latest rows, or those of the moment at which a person began to aim. */
function useHeld(latest: Opportunity[] | undefined, key: string, isPaused: boolean): Opportunity[] | undefined {
  const [held, setHeld] = useState<Held | null>(null);
  const mustHold = isPaused && latest !== undefined;
  if (mustHold && held?.key !== key) setHeld({ key, rows: latest });
  if (!isPaused && held !== null) setHeld(null);
  return mustHold && held?.key === key ? held.rows : latest;
}

interface Moment {
  /** When `latest` was read. */
  readAt?: number;
  isPaused?: boolean;
}

const QUIET: Pending = { added: 0, gone: 0, moved: false };

/**
 * Rows in the order in which they were first shown for `key` (the view as text).
 * Pass undefined while the answer for this key is still on its way: the old rows stay. While paused, values stay too.
 */
export function useStableRows(latest: Opportunity[] | undefined, key: string, { readAt = 0, isPaused = false }: Moment = {}) {
  const [arrangement, setArrangement] = useState<Arrangement>({ key: "", rows: NONE, at: 0 });
  const values = useHeld(latest, key, isPaused);
  if (latest && (arrangement.key !== key || arrangement.rows === NONE)) setArrangement({ key, rows: latest, at: readAt });
  const arranged = arrangement.rows;
  const current = arrangement.key === key ? latest : undefined;
  const shown = (current && values) ?? arranged;
  return {
    rows: useMemo(() => mergeRows(arranged, shown), [arranged, shown]),
    pending: current ? pendingChanges(arranged, current) : QUIET,
    since: arrangement.at,
    rearrange: () => latest && setArrangement({ key, rows: latest, at: readAt }),
  };
}
