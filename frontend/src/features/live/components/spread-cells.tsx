import { ArrowRightIcon, Bars2Icon, BoltIcon, ClockIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";

import { Flash } from "@/components/live/flash";
import { Badge } from "@/components/ui/badge";
import { buttonClass } from "@/components/ui/button";
import { formatAmount, formatBps, formatSize, readSymbol, venueName } from "@/lib/instruments";
import { useHasPassed } from "@/lib/live/clock";

import type { Spread } from "../api/spread";
import { whyNot, type DeskActing } from "../hooks/acting";
import { endingOf, flagLook } from "../hooks/spread-words";

/** Closed, or too old to act on: told by one redraw when it happens, not by a timer per row. */
export function useSpreadState(spread: Spread): "open" | "stale" | "closed" {
  const isStale = useHasPassed(spread.expiresAt);
  return spread.state === "closed" ? "closed" : isStale ? "stale" : "open";
}

/** What is traded, where it is bought and where sold; names wrap, none is cut off. */
export function RouteCell({ spread }: { spread: Spread }) {
  return (
    <span className="block min-w-0">
      <span className="block font-medium break-words">{readSymbol(spread.symbol).name}</span>
      <span className="flex flex-wrap items-center gap-x-1 text-2xs text-muted">
        {venueName(spread.buy_venue)}
        <span className="inline-flex items-center gap-1">
          <ArrowRightIcon role="img" aria-label="to" className="size-3 shrink-0" />
          {venueName(spread.sell_venue)}
        </span>
      </span>
    </span>
  );
}

export function NetCell({ spread }: { spread: Spread }) {
  const [net, gross] = [formatBps(spread.net_bps, "always"), formatBps(spread.gross_bps, "always")];
  return (
    <span className="num block text-right whitespace-nowrap">
      <Flash value={net} className="font-semibold text-gain">{net} <span className="text-2xs font-normal">bps net</span></Flash>
      <span className="block text-2xs text-muted">{gross} bps gross</span>
    </span>
  );
}

export function ProfitCell({ spread }: { spread: Spread }) {
  const { net_profit, loss_reserve, expected_profit, currency } = spread;
  const profit = formatAmount(net_profit, currency, "always");
  const hasReserve = loss_reserve !== null && !/^0*(\.0*)?$/.test(loss_reserve);
  return (
    <span className="num block text-right whitespace-nowrap">
      <Flash value={profit} className="font-medium">{profit}</Flash>
      {hasReserve && (
        <span className="block text-2xs text-muted" title={`Net profit less the reserve for cards that turn out worthless: ${formatAmount(expected_profit, currency, "always")} expected`}>
          −{formatAmount(loss_reserve, currency)} reserve
        </span>
      )}
    </span>
  );
}

export function TotalCell({ spread }: { spread: Spread }) {
  const total = formatAmount(spread.total_profit, spread.currency, "always");
  return (
    <span className="num block text-right whitespace-nowrap">
      <Flash value={total}>{total}</Flash>
      <span className="block text-2xs text-muted">{spread.size === null ? "size unknown" : `for ${formatSize(spread.size)}`}</span>
    </span>
  );
}

/** Said by a figure of the row already. */
const SAID = new Set(["loss_reserve", "size_unknown"]);

const SIGNS: Record<string, typeof ClockIcon> = { top_only: Bars2Icon, no_venue_time: ClockIcon };

interface SpreadFlagsProps {
  flags: readonly string[];
  isShort?: boolean;
  /** To the right of the names, which need the room: the commonest are signs. */
  isAside?: boolean;
}

export function SpreadFlags({ flags, isShort = false, isAside = false }: SpreadFlagsProps) {
  return (
    <span className={clsx("flex flex-wrap gap-1", isAside && "ml-auto justify-end")}>
      {flags.filter((flag) => !isShort || !SAID.has(flag)).map((flag) => {
        const { label, meaning, tone } = flagLook(flag);
        const Icon = isAside ? SIGNS[flag] : undefined;
        return <Badge key={flag} tone={tone} title={Icon ? `${label}: ${meaning}` : meaning}>{Icon ? <><Icon aria-hidden className="size-3.5" /><span className="sr-only">{label}</span></> : label}</Badge>;
      })}
    </span>
  );
}

export function EndedBadge({ spread, state }: { spread: Spread; state: "stale" | "closed" }) {
  const ending = state === "closed" ? endingOf(spread.closedReason) : "Its quotes are too old";
  return <Badge tone={state === "closed" ? "neutral" : "loss"} title={ending}>{state === "closed" ? "Closed" : "Stale"}</Badge>;
}

interface ExecuteButtonProps {
  spread: Spread;
  acting: DeskActing;
  /** That its quotes are too old, which the caller follows. */
  isStale: boolean;
  isWide?: boolean;
  onExecute: (spread: Spread) => void;
}

/** Enabled while the route is open and fresh, for who may trade; else it says why not. */
export function ExecuteButton({ spread, acting, isStale, isWide = false, onExecute }: ExecuteButtonProps) {
  const obstacle = isStale && spread.state === "open" ? "Its quotes are too old" : whyNot({ ...spread, expiresAt: null }, acting, 0);
  const route = `${readSymbol(spread.symbol).name}, ${venueName(spread.buy_venue)} to ${venueName(spread.sell_venue)}`;
  return (
    <button
      type="button"
      disabled={obstacle !== null}
      title={obstacle ?? "Execute (e)"}
      aria-label={`Execute ${route}`}
      onClick={() => onExecute(spread)}
      className={clsx(buttonClass("solid"), "sm:!h-8", isWide && "w-full")}
    >
      <BoltIcon aria-hidden className="size-3.5" />
      Execute
    </button>
  );
}
