// The floor below which this browser does not show a route. The server's own threshold comes before it.

import { useCallback, useState } from "react";

import { approximate, isDecimal } from "@/lib/decimal";
import type { Desk } from "@/lib/instruments";
import type { Rules } from "@/lib/live/arrangement";

import type { Spread } from "../api/spread";

export interface Thresholds {
  /** Net, in basis points. */
  bps: number;
  /** Net profit of one unit, in the route's currency, as typed. */
  profit: string;
}

export const MOST_BPS = 300;
export const NO_FLOOR: Thresholds = { bps: 0, profit: "" };
const STORAGE_KEY = "arbsite.desk-floor";

export function readThresholds(text: string | null): Thresholds {
  try {
    const found: unknown = JSON.parse(text ?? "");
    if (typeof found !== "object" || found === null) return NO_FLOOR;
    const { bps, profit } = found as Record<string, unknown>;
    const isBps = typeof bps === "number" && bps >= 0 && bps <= MOST_BPS;
    return { bps: isBps ? bps : 0, profit: typeof profit === "string" && isDecimal(profit) ? profit : "" };
  } catch {
    return NO_FLOOR;
  }
}

function stored(): string | null {
  try {
    return window.localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

export function useThresholds(): [Thresholds, (patch: Partial<Thresholds>) => void] {
  const [thresholds, set] = useState(() => readThresholds(stored()));
  const change = useCallback((patch: Partial<Thresholds>) => {
    set((before) => {
      const next = { ...before, ...patch };
      try {
        window.localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
      } catch {
        // not remembered, still applied
      }
      return next;
    });
  }, []);
  return [thresholds, change];
}

/** Which routes are shown, best net first. A closed one stays as long as its table keeps it. */
export function rulesFor(desk: Desk | undefined, { bps, profit }: Thresholds): Rules<Spread> {
  const floor = approximate(profit);
  return {
    accept: (spread) => (desk === undefined || spread.market === desk) && spread.netBps >= bps && (floor <= 0 || spread.profit >= floor),
    compare: (a, b) => Number(a.state === "closed") - Number(b.state === "closed") || b.netBps - a.netBps,
  };
}
