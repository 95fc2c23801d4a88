// The life of an execution across two venues, in words.

import type { Tone } from "@/components/ui/badge";

import type { LegState, SpreadExecutionState } from "../api/executions";

interface Look {
  label: string;
  tone: Tone;
  meaning: string;
  /** Nobody knows yet, or a person has to act. */
  isOpen: boolean;
}

export const EXECUTION_LOOKS: Record<SpreadExecutionState, Look> = {
  pending: { label: "Pending", tone: "neutral", meaning: "Booked; no order has left yet", isOpen: true },
  buying: { label: "Buying", tone: "accent", meaning: "The buying order is with its venue", isOpen: true },
  selling: { label: "Selling", tone: "accent", meaning: "Bought; the selling order is with its venue", isOpen: true },
  unknown: { label: "No answer", tone: "warn", meaning: "A venue has not said whether it took the order. It is asked again; nothing is sent twice", isOpen: true },
  unwinding: { label: "Unwinding", tone: "warn", meaning: "One leg was filled and the other was not; what is open is being closed", isOpen: true },
  settled: { label: "Settled", tone: "gain", meaning: "Both legs are filled", isOpen: false },
  unwound: { label: "Unwound", tone: "warn", meaning: "One leg failed and the other was undone", isOpen: false },
  failed: { label: "Failed", tone: "loss", meaning: "Nothing was bought and nothing was sold", isOpen: false },
  stuck: { label: "Needs a person", tone: "loss", meaning: "It cannot be settled automatically: an operator has to look at the venues", isOpen: true },
};

export const LEG_LOOKS: Record<LegState, { label: string; tone: Tone }> = {
  pending: { label: "Not sent", tone: "neutral" },
  sent: { label: "Sent", tone: "accent" },
  unknown: { label: "No answer", tone: "warn" },
  filled: { label: "Filled", tone: "gain" },
  partial: { label: "Partly filled", tone: "warn" },
  void: { label: "Void", tone: "neutral" },
};

/** An operator may say what happened once the programs cannot find out. */
export function mayBeResolved(state: SpreadExecutionState): boolean {
  return state === "stuck";
}

export function legName(position: number, side: "buy" | "sell"): string {
  const what = side === "buy" ? "Buy" : "Sell";
  return position > 1 ? `Unwind: ${what.toLowerCase()}` : what;
}
