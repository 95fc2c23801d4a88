// Who looks at the desk and what they may do there; the route knows, the feature is told.

import type { Spread } from "../api/spread";

export interface DeskActing {
  mayTrade: boolean;
  /** May say what became of an execution that nobody knows the end of. */
  mayOperate: boolean;
  trading: { mode: string; is_halted: boolean; disclaimer: { text: string } | null } | undefined;
}

/** Why a route cannot be acted on now, or null. The server decides again, with fresh quotes. */
export function whyNot(spread: Pick<Spread, "state" | "expiresAt">, acting: DeskActing, now: number): string | null {
  if (spread.state === "closed") return "The gap has closed";
  if (spread.expiresAt !== null && now > spread.expiresAt) return "Its quotes are too old";
  if (!acting.mayTrade) return "Executing needs the role trader";
  if (acting.trading?.is_halted) return "Trading is halted by the kill switch";
  return null;
}
