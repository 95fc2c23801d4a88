// What a source's figures come to: the one word for each route, and for the source.

import type { Source, SourceRoute } from "@/api/types";

export type RouteState = "live" | "waiting" | "failing" | "review" | "off";

const OFF = new Set(["switched_off", "not_acknowledged"]);
const REVIEW = new Set(["terms_not_reviewed", "terms_review_expired"]);

function isLater(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || Date.parse(a) > Date.parse(b));
}

/** Off and reviews are decisions of people, so they come before how the last run went. */
export function routeState(route: SourceRoute): RouteState {
  if (!route.is_ready) {
    if (OFF.has(route.not_ready_code)) return "off";
    return REVIEW.has(route.not_ready_code) ? "review" : "waiting";
  }
  if (route.hosts.some((host) => host.breaker === "open") || isLater(route.last_failure_at, route.last_success_at)) return "failing";
  return route.last_success_at === null ? "waiting" : "live";
}

/** A source is as good as its best route that may run: later routes only stand in for earlier ones. */
export function sourceState(source: Pick<Source, "routes">): RouteState {
  const states = source.routes.map(routeState);
  return (["live", "failing", "waiting", "review", "off"] as const).find((state) => states.includes(state)) ?? "off";
}

/** Why a route is in its state, in one sentence; empty when there is nothing to add. */
export function reasonOf(route: SourceRoute): string {
  if (!route.is_ready) return route.not_ready_reason;
  if (routeState(route) === "failing") return route.last_error || "The host is left alone for now.";
  return route.last_success_at === null ? "Has not run yet." : "";
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

export type ReviewState = "none" | "overdue" | "soon" | "ok";

/** How urgent the next review of the terms is. */
export function reviewState({ reviewed_on, review_due_on }: Pick<SourceRoute, "reviewed_on" | "review_due_on">, now: number): ReviewState {
  if (!reviewed_on || !review_due_on) return "none";
  const left = Date.parse(review_due_on) - now;
  if (left <= 0) return "overdue";
  return left <= SOON_DAYS * DAY_MS ? "soon" : "ok";
}

/** Each attribution once, of the sources that have prices here, however they arrived. */
export function attributionsOf(sources: readonly Source[]): string[] {
  const used = sources.filter((source) => source.newest_price_at !== null || source.routes.some((route) => route.last_success_at !== null));
  return [...new Set(used.flatMap((source) => source.routes.map((route) => route.attribution)).filter((credit) => credit !== ""))];
}

/** When the newest price of all sources was recorded; null without any. */
export function newestPriceOf(sources: readonly Pick<Source, "newest_price_at">[]): string | null {
  return sources.reduce<string | null>((newest, { newest_price_at: at }) => (isLater(at, newest) ? at : newest), null);
}

export interface MarketTotals {
  prices: number;
  quarantined: number;
  failing: readonly string[];
  running: number;
}

export function totalsOf(sources: readonly Source[]): MarketTotals {
  const states = sources.map((source) => [source.name, sourceState(source)] as const);
  return {
    prices: sources.reduce((sum, source) => sum + source.prices_24h, 0),
    quarantined: sources.reduce((sum, source) => sum + source.quarantined_24h, 0),
    failing: states.filter(([, state]) => state === "failing").map(([name]) => name),
    running: states.filter(([, state]) => state === "live" || state === "failing").length,
  };
}
