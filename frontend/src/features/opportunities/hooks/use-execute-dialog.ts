import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { newRequestKey } from "@/lib/request-key";
import { compareDecimals, isDecimal } from "@/lib/decimal";

import { refusalOf, useExecute, type ExecuteOrder, type RefusalDetails } from "../api/execute";
import { revalidate } from "../api/revalidate";
import type { Figures, Reason, Revalidation } from "../api/shapes";
import { figureRows } from "./figure-rows";

export interface OrderDraft {
  quantity: string;
  maxCost: string;
  minMargin: string;
  note: string;
  isAccepted: boolean;
}

const EMPTY: OrderDraft = { quantity: "1", maxCost: "", minMargin: "", note: "", isAccepted: false };
const MOST = 10_000;

export interface Seen {
  shown: Figures;
  fresh: Figures | null;
  reasons: Reason[];
}

function wholeQuantity(text: string): number | null {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= MOST ? value : null;
}

/** What stands in the way of the order as it is filled in, in words; empty: nothing. */
export function obstacles(draft: OrderDraft, seen: Seen | undefined, currency: string): string[] {
  if (!seen) return [];
  const found: string[] = [];
  const quantity = wholeQuantity(draft.quantity);
  if (quantity === null) found.push("Give a quantity of 1 or more.");
  if ([draft.maxCost, draft.minMargin].some((limit) => limit !== "" && !isDecimal(limit))) found.push("Limits are plain numbers, such as 191.50.");
  if (seen.fresh === null) return [...found, ...seen.reasons.map((reason) => reason.detail), "At the prices of now it is no opportunity."];
  const offered = seen.fresh.available_quantity;
  if (quantity !== null && offered !== null && offered < quantity) found.push(`Only ${offered} on offer.`);
  const limits = { maxCost: draft.maxCost || undefined, minMargin: draft.minMargin || undefined };
  for (const row of figureRows(seen.shown, seen.fresh, currency, limits)) {
    if (row.limit?.holds === false) found.push(`${row.label} is ${row.now}, which is not ${row.limit.text}.`);
  }
  if (compareDecimals(seen.fresh.net_profit, "0") <= 0) found.push("Nothing would be left after all costs.");
  return found;
}

/** The newest figures at hand: those of a refusal are newer than those of the check. */
function seenNow(check: Revalidation, refusal: RefusalDetails | null): Seen {
  return {
    // what the record of that version does not hold (chance, quantity) is as the check showed it
    shown: { ...check.shown, ...refusal?.shown },
    fresh: refusal?.fresh === undefined ? check.fresh : refusal.fresh,
    reasons: refusal?.reasons ?? check.reasons,
  };
}

/** The state of one opening of the dialog: figures checked now, the order being filled in, and its one key. */
export function useExecuteDialog(id: string, currency: string) {
  const [key] = useState(newRequestKey);
  const [draft, setDraft] = useState(EMPTY);
  const isSent = useRef(false); // a second click comes before anything is drawn again
  const check = useQuery({
    queryKey: ["opportunities", "check", id, key],
    queryFn: ({ signal }) => revalidate(id, signal),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const execute = useExecute(id, key);
  const refusal = refusalOf(execute.error);
  const seen = check.data && seenNow(check.data, refusal);
  const inTheWay = obstacles(draft, seen, currency);
  const quantity = wholeQuantity(draft.quantity) ?? 1;
  const isReady = check.data !== undefined && !check.isFetching && inTheWay.length === 0 && draft.isAccepted && !execute.isPending;
  return {
    draft,
    change: (patch: Partial<OrderDraft>) => setDraft({ ...draft, ...patch }),
    check,
    seen,
    quantity,
    inTheWay,
    refusal,
    execute,
    isReady,
    again: () => {
      execute.reset();
      void check.refetch();
    },
    confirm: () => {
      if (!check.data || !isReady || isSent.current) return;
      isSent.current = true;
      const order: ExecuteOrder = {
        quantity,
        quote_version: check.data.quote_version,
        max_total_cost: draft.maxCost || undefined,
        min_margin_percentage: draft.minMargin || undefined,
        note: draft.note.trim() || undefined,
        accept_disclaimer: true,
      };
      execute.mutate(order, { onSettled: () => (isSent.current = false) });
    },
  };
}
