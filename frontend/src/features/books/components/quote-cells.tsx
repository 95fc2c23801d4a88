import clsx from "clsx";

import { Flash } from "@/components/live/flash";
import { Badge } from "@/components/ui/badge";
import type { Decimal } from "@/lib/decimal";
import { formatPrice, formatSize, venueName } from "@/lib/instruments";
import { useHasPassed } from "@/lib/live/clock";

import type { Best, QuoteState, VenueQuote } from "../api/book";

const STATES: Record<Exclude<QuoteState, "live">, { label: string; meaning: string; tone: "loss" | "neutral" | "warn" }> = {
  stale: { label: "Stale", meaning: "Too old: shown, never compared", tone: "loss" },
  withdrawn: { label: "Withdrawn", meaning: "The venue took it back", tone: "neutral" },
  gated: { label: "Gated", meaning: "Outside the allowed regions or currencies: never compared", tone: "warn" },
};

/** The state that counts now: what was live when it came grows stale by itself. */
export function useQuoteState({ state, receivedAt }: VenueQuote, limit: number): QuoteState {
  const isOld = useHasPassed(receivedAt === null ? null : receivedAt + limit);
  return state === "live" && isOld ? "stale" : state;
}

export function QuoteStateBadge({ state }: { state: QuoteState }) {
  if (state === "live") return null;
  const { label, meaning, tone } = STATES[state];
  return <Badge tone={tone} title={meaning}>{label}</Badge>;
}

interface PriceProps {
  price: Decimal | null;
  size: Decimal | null;
  isBest?: boolean;
  className?: string;
}

/** A price with how much of it there is; the best one of all venues stands out. */
export function Price({ price, size, isBest = false, className }: PriceProps) {
  if (price === null) return <span className={clsx("text-muted", className)}>–</span>;
  return (
    <span className={clsx("num block whitespace-nowrap", className)}>
      <Flash value={price} className={isBest ? "px-1 font-semibold outline outline-current/40" : "px-1"}>
        {formatPrice(price)}
        {isBest && <span className="sr-only"> best</span>}
      </Flash>
      <span className="block px-1 text-2xs text-muted">{size === null ? "size unknown" : formatSize(size)}</span>
    </span>
  );
}

/** Best price of all venues, and whose it is. */
export function BestPrice({ best, tone }: { best: Best | null; tone: "gain" | "loss" }) {
  if (!best) return <span className="block text-right text-muted">–</span>;
  return (
    <span className="num block text-right whitespace-nowrap">
      <Flash value={best.price} className={clsx("font-semibold", tone === "gain" ? "text-gain" : "text-loss")}>{formatPrice(best.price)}</Flash>
      <span className="block text-2xs text-muted">{venueName(best.venue)}{best.size !== null && `, ${formatSize(best.size)}`}</span>
    </span>
  );
}
