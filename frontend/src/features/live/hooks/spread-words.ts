// Flags and endings of routes in words.

import type { Tone } from "@/components/ui/badge";
import { humanise } from "@/lib/format";
import { venueName } from "@/lib/instruments";

interface FlagLook {
  label: string;
  meaning: string;
  tone: Tone;
}

const FLAGS: Record<string, FlagLook> = {
  basis_risk: { label: "Basis risk", meaning: "USD and USDT are taken for the same; should they part, the gap may not exist", tone: "loss" },
  converted: { label: "Converted", meaning: "One leg is converted by a live rate, less a haircut", tone: "warn" },
  size_unknown: { label: "Size unknown", meaning: "A venue does not say how much it offers", tone: "warn" },
  top_only: { label: "Top only", meaning: "Size of the best price only; deeper levels are not known", tone: "neutral" },
  loss_reserve: { label: "Loss reserve", meaning: "A card can turn out worthless; the reserve is what that costs on average", tone: "warn" },
  no_venue_time: { label: "No venue time", meaning: "A venue does not say when it quoted; age counts from receipt", tone: "neutral" },
  triangular: { label: "Cycle", meaning: "A cycle of three pairs", tone: "accent" },
};

const ENDINGS: Record<string, string> = {
  gone: "The gap has gone",
  stale: "Its quotes became too old",
  withdrawn: "A venue withdrew its quote",
  below_threshold: "Below the desk's threshold",
  gated: "A venue is not allowed here",
};

export function flagLook(flag: string): FlagLook {
  return FLAGS[flag] ?? { label: humanise(flag), meaning: humanise(flag), tone: "neutral" };
}

export function endingOf(reason: string): string {
  return ENDINGS[reason] ?? (reason ? humanise(reason) : "Closed");
}

export function routeOf({ buy_venue, sell_venue }: { buy_venue: string; sell_venue: string }): string {
  return `${venueName(buy_venue)} → ${venueName(sell_venue)}`;
}
