import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { ProblemError } from "@/api/problem";
import { request } from "@/api/request";
import { compareDecimals, isDecimal, signOf } from "@/lib/decimal";
import { formatBps, formatSize, venueName } from "@/lib/instruments";
import { useHasPassed } from "@/lib/live/clock";
import { useLiveRow } from "@/lib/live/use-live";
import { decimalOf, isRaw, type Raw } from "@/lib/raw";
import { newRequestKey } from "@/lib/request-key";

import { refusalOf, useExecuteSpread, type SpreadOrder } from "../api/executions";
import { deskKeys } from "../api/keys";
import { readSpread, type Spread } from "../api/spread";
import { endingOf } from "./spread-words";
import { spreads } from "./desk";

export interface SpreadDraft {
  quantity: string;
  maxBuy: string;
  minSell: string;
  minBps: string;
  note: string;
  isAccepted: boolean;
}

/** How much one leg's venue shows, where it says so. */
interface Top {
  venue: string;
  verb: "offers" | "takes";
  size: string;
}

/** Cards trade whole at one price; a coin's deeper levels may hold more than the best one. */
function topsOf(detail: Raw | null, { market, buy_venue, sell_venue }: Spread): Top[] {
  if (market !== "giftcard" || detail === null) return [];
  const sizeOf = (quote: unknown, key: string) => (isRaw(quote) ? decimalOf(quote, key) : null);
  const legs = [
    { venue: buy_venue, verb: "offers", size: sizeOf(detail["buy_quote"], "ask_size") },
    { venue: sell_venue, verb: "takes", size: sizeOf(detail["sell_quote"], "bid_size") },
  ] as const;
  return legs.flatMap(({ size, ...leg }) => (size === null ? [] : [{ ...leg, size }]));
}

const RECHECK_MS = 2_000;
const MOST = "1000000000";

/** Whole cards; coins may be split. */
function isQuantity(text: string, isWhole: boolean): boolean {
  return isDecimal(text) && signOf(text) > 0 && compareDecimals(text, MOST) <= 0 && (!isWhole || /^\d+$/.test(text));
}

/** What stands in the way of the order as it is filled in, in words; empty: nothing. */
export function obstaclesOf(draft: SpreadDraft, now: Spread, isStale: boolean, tops: readonly Top[] = []): string[] {
  const isWhole = now.market === "giftcard";
  const found: string[] = [];
  if (!isQuantity(draft.quantity, isWhole)) found.push(isWhole ? "Give a whole number of cards, 1 or more." : "Give a quantity above 0, such as 0.25.");
  else if (now.size !== null && compareDecimals(draft.quantity, now.size) > 0) found.push(`Only ${formatSize(now.size)} can be had at a profit now.`);
  else if (now.size === null) found.push(...tops.filter(({ size }) => compareDecimals(draft.quantity, size) > 0).map(({ venue, size, verb }) => `${venueName(venue)} ${verb} ${formatSize(size)} at most now.`));
  if ([draft.maxBuy, draft.minSell, draft.minBps].some((limit) => limit !== "" && !isDecimal(limit))) found.push("Limits are plain numbers, such as 48.75.");
  if (now.state === "closed") found.push(`${endingOf(now.closedReason)}: it cannot be executed any more.`);
  else if (isStale) found.push("Its quotes are too old; wait for fresh ones.");
  const beyond = (limit: string, figure: string | null, sign: 1 | -1) => limit !== "" && figure !== null && isDecimal(limit) && compareDecimals(figure, limit) === sign;
  if (beyond(draft.maxBuy, now.buy_price, 1)) found.push("The buying price is above your limit.");
  if (beyond(draft.minSell, now.sell_price, -1)) found.push("The selling price is below your limit.");
  if (beyond(draft.minBps, now.net_bps, -1)) found.push(`Only ${formatBps(now.net_bps)} bps net are left, below your limit.`);
  return found;
}

function firstQuantity({ market, size }: Spread): string {
  if (market === "giftcard" || size === null || !isDecimal(size)) return "1";
  return compareDecimals(size, "1") >= 0 ? "1" : size.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** Of the row as it was seen, the server's answer and the stream's news, what was sighted last. */
function newestOf(seen: Spread, ...others: readonly (Spread | null | undefined)[]): Spread {
  return others.reduce<Spread>((newest, other) => (other && (other.seenAt ?? 0) >= (newest.seenAt ?? 0) ? other : newest), seen);
}

/** One opening of the dialog: the route as it was seen, as it is now, the order being filled in, and its one key. */
export function useSpreadOrder(seen: Spread) {
  const [opening] = useState(newRequestKey);
  const [key, setKey] = useState(opening);
  // a crypto route's threshold is gross (R001): as a floor of what is left net it would block most routes
  const [draft, setDraft] = useState<SpreadDraft>(() => ({ quantity: firstQuantity(seen), maxBuy: "", minSell: "", minBps: seen.market === "giftcard" ? (seen.threshold_bps ?? "") : "", note: "", isAccepted: false }));
  const isSent = useRef(false); // a second click comes before anything is drawn again
  const check = useQuery({
    queryKey: deskKeys.spread(seen.id, opening),
    queryFn: ({ signal }) => request<Raw>("get", `/api/v1/spreads/${seen.id}/`, { signal }),
    refetchInterval: RECHECK_MS,
    staleTime: 0,
    gcTime: 0,
  });
  const execute = useExecuteSpread(seen.id);
  const live = useLiveRow(spreads, seen.id);
  const refusal = refusalOf(execute.error);
  const known = newestOf(seen, check.data ? readSpread(check.data, seen) : null, live);
  const now = (refusal?.fresh && readSpread(refusal.fresh, known)) ?? known;
  const isStale = useHasPassed(now.expiresAt);
  const inTheWay = obstaclesOf(draft, now, isStale, topsOf(check.data ?? null, now));
  const isReady = inTheWay.length === 0 && draft.isAccepted && !execute.isPending;
  return {
    draft,
    change: (patch: Partial<SpreadDraft>) => setDraft((before) => ({ ...before, ...patch })),
    check,
    detail: check.data ?? null,
    now,
    isStale,
    inTheWay,
    execute,
    refusal,
    isReady,
    again: () => {
      execute.reset();
      void check.refetch();
    },
    confirm: () => {
      if (!isReady || isSent.current) return;
      isSent.current = true;
      const order: SpreadOrder = {
        quantity: draft.quantity,
        max_buy_price: draft.maxBuy || undefined,
        min_sell_price: draft.minSell || undefined,
        min_net_bps: draft.minBps || undefined,
        note: draft.note.trim() || undefined,
        accept_disclaimer: true,
      };
      execute.mutate(
        { key, order },
        {
          // refused for good: what is sent next is another act; without an answer it is still the same one
          onError: (error) => error instanceof ProblemError && !error.isRetryable && setKey(newRequestKey()),
          onSettled: () => (isSent.current = false),
        },
      );
    },
  };
}
