// Executions across two venues: what was asked of each, and what came of it. Amounts are decimal text.

import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";

import { ProblemError } from "@/api/problem";
import { cursorOf, request, type Keyset } from "@/api/request";
import type { Decimal } from "@/lib/decimal";
import type { Desk } from "@/lib/instruments";
import { isRaw, listOf, textOf, type Raw } from "@/lib/raw";
import { pollEvery } from "@/lib/sse";

import { deskKeys } from "./keys";

export const SPREAD_STATES = ["pending", "buying", "selling", "unknown", "unwinding", "settled", "unwound", "failed", "stuck"] as const;
export type SpreadExecutionState = (typeof SPREAD_STATES)[number];
export type LegState = "pending" | "sent" | "unknown" | "filled" | "partial" | "void";

export interface LegFill {
  quantity: Decimal;
  price: Decimal;
  fees: Decimal;
  filled_at: string;
}

export interface Leg {
  position: number;
  side: "buy" | "sell";
  venue: string;
  state: LegState;
  client_order_id: string;
  venue_order_id: string;
  quantity: Decimal;
  limit_price: Decimal;
  queries: number;
  last_error: string;
  sent_at: string | null;
  finished_at: string | null;
  fills: readonly LegFill[];
}

export interface SpreadExecution {
  id: string;
  opportunity: string;
  market: Desk;
  symbol: string;
  buy_venue: string;
  sell_venue: string;
  actor: string;
  mode: string;
  state: SpreadExecutionState;
  quantity: Decimal;
  currency: string;
  expected_cost: Decimal;
  expected_profit: Decimal;
  expected_net_bps: Decimal;
  realised_cost: Decimal | null;
  realised_proceeds: Decimal | null;
  realised_profit: Decimal | null;
  note: string;
  reason: string;
  created_at: string;
  finished_at: string | null;
  legs: readonly Leg[];
}

const POLL_MS = 5_000;

export function spreadExecutionsOptions(market: Desk | undefined) {
  return infiniteQueryOptions({
    queryKey: deskKeys.executions(market ?? ""),
    queryFn: ({ pageParam, signal }) =>
      request<Keyset<SpreadExecution>>("get", "/api/v1/spread-executions/", { query: { market, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => cursorOf(last.next),
    placeholderData: keepPreviousData,
    refetchInterval: () => pollEvery(POLL_MS),
  });
}

/** Newest first, page by page. */
export function useSpreadExecutions(market: Desk | undefined) {
  return useInfiniteQuery(spreadExecutionsOptions(market));
}

export interface SpreadOrder {
  quantity: string;
  max_buy_price?: string;
  min_sell_price?: string;
  min_net_bps?: string;
  note?: string;
  accept_disclaimer: true;
}

/** Act on a route. The same key twice is the same act. */
export function useExecuteSpread(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ key, order }: { key: string; order: SpreadOrder }) => {
      const answer = await request<SpreadExecution | { execution: SpreadExecution }>("post", `/api/v1/spreads/${id}/execute/`, { key, body: order });
      return "execution" in answer ? answer.execution : answer;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [...deskKeys.all, "executions"] }),
  });
}

export interface Refusal {
  reasons: string[];
  /** Figures of the re-validation, in the names of a route; null when it found none. */
  fresh: Raw | null;
}

function freshOf(checked: unknown): Raw | null {
  if (!isRaw(checked) || !("net_bps" in checked)) return null;
  const priceOf = (leg: unknown) => (isRaw(leg) ? leg["price"] : null);
  return { ...checked, buy_price: priceOf(checked["buy"]), sell_price: priceOf(checked["sell"]), net_profit: checked["profit"] };
}

/** What the server says with a refusal: why, and the figures of now. Null when the order was not refused for its figures. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ProblemError) || error.status !== 409) return null;
  const details = isRaw(error.details) ? error.details : {};
  return { reasons: listOf(details, "reasons").map((reason) => textOf(reason, "detail")), fresh: freshOf(details["fresh"]) };
}

export type Outcome = "nothing_happened" | "filled";

/** What a person found at the venue; what is left out is as the order asked for it. */
export interface Resolution {
  outcome: Outcome;
  quantity?: string;
  price?: string;
  fees?: string;
  venue_order_id?: string;
  note: string;
}

/** Say what became of an execution that needs a person. */
export function useResolve(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (resolution: Resolution) => request<unknown>("post", `/api/v1/spread-executions/${id}/resolve/`, { body: resolution }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...deskKeys.all, "executions"] }),
  });
}
