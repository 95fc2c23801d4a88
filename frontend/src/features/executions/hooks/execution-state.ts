// The life of an execution in words and steps.

import type { Tone } from "@/components/ui/badge";

import type { Execution, ExecutionState } from "../api/shapes";

export const STATE_LOOKS: Record<ExecutionState, { label: string; tone: Tone; meaning: string }> = {
  bought: { label: "Bought", tone: "accent", meaning: "Bought and opened; nothing sold yet" },
  selling: { label: "Selling", tone: "warn", meaning: "Some cards are sold, others are still offered" },
  settled: { label: "Settled", tone: "gain", meaning: "Everything that could be sold is sold" },
  cancelled: { label: "Cancelled", tone: "neutral", meaning: "Taken back before anything was sold" },
  failed: { label: "Failed", tone: "loss", meaning: "It could not be carried out" },
};

export interface Step {
  name: string;
  at: string | null;
  state: "done" | "now" | "ahead" | "failed";
}

/** Bought, selling, settled, with what is done; an execution that ended early ends its steps. */
export function stepsOf({ state, created_at, settles_at, settled_at }: Pick<Execution, "state" | "created_at" | "settles_at" | "settled_at">): Step[] {
  const bought: Step = { name: "Bought", at: created_at, state: "done" };
  if (state === "cancelled" || state === "failed") return [bought, { name: STATE_LOOKS[state].label, at: null, state: "failed" }];
  const isSettled = state === "settled";
  return [
    bought,
    { name: "Selling", at: isSettled ? null : settles_at, state: isSettled ? "done" : "now" },
    { name: "Settled", at: settled_at, state: isSettled ? "done" : "ahead" },
  ];
}

/** Whether cards can still be sold, and the purchase taken back. */
export function mayStillSell(state: ExecutionState): boolean {
  return state === "bought" || state === "selling";
}
