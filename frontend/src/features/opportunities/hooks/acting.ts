// Who looks at opportunities and what they may do with them; the route knows, the feature is told.

import type { FeeProfile } from "@/api/types";

/** Whether orders are on paper, whether somebody stopped them, and under which conditions one acts. */
export interface TradingStatus {
  mode: string;
  is_halted: boolean;
  disclaimer: { text: string } | null;
}

export interface Acting {
  username: string | null;
  mayAnalyse: boolean;
  mayTrade: boolean;
  /** The user's own costs, before those of the server. */
  fees: FeeProfile;
  trading: TradingStatus | undefined;
}

export const ONLOOKER: Acting = { username: null, mayAnalyse: false, mayTrade: false, fees: {}, trading: undefined };

/** Why an opportunity cannot be executed now, or null. The server decides again. */
export function whyNotExecutable(opportunity: { status: string; needs_review: boolean }, acting: Acting): string | null {
  if (!acting.mayTrade) return "Executing needs the role trader";
  if (opportunity.status !== "active") return `The opportunity is ${opportunity.status}`;
  if (opportunity.needs_review) return "A person must review it first";
  if (acting.trading?.is_halted) return "Trading is halted by the kill switch";
  return null;
}
