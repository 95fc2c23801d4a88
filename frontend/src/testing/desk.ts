// The live desk as its API gives it; a test states only what it is about.

import { http, HttpResponse, type HttpHandler } from "msw";

import { page } from "./handlers";

const ROOT = "http://localhost/api/v1";

/** So many milliseconds from now, as the API writes moments. */
export function moment(milliseconds = 0): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

export function makeSpread(patch: object = {}) {
  return {
    id: "spread-1", kind: "cross_venue", market: "giftcard", symbol: "giftcard:amazon:50:USD:US", base: "amazon", quote: "USD", denomination: "50", region: "US",
    buy_venue: "desk_alpha", sell_venue: "desk_beta", currency: "USD", state: "open", revision: 4, buy_price: "45", sell_price: "47", cost: "45.1125",
    proceeds: "46.953", cushion: "0E-12", gross_profit: "2", net_profit: "1.8405", loss_reserve: "0.704295", expected_profit: "1.136205", gross_bps: "444.4444",
    net_bps: "407.9801", best_net_bps: "431.5", size: "8", total_profit: "14.724", threshold_bps: "50", flags: ["loss_reserve"], sightings: 112,
    opened_at: moment(-60_000), last_seen_at: moment(-1_000), expires_at: moment(60_000), closed_at: null, closed_reason: "", is_stale: false,
    ...patch,
  };
}

export function makeMarket(patch: object = {}) {
  return {
    code: "desk_alpha", name: "Desk Alpha", kind: "giftcard", adapter: "json", side: "sell", origin: "demo", is_enabled: true, region: "US", currency: "USD",
    state: "live", gated_reason: "", latency_ms: 12, last_quote_at: moment(-1_000), age_ms: 1_000, quotes: 15, errors: 0, reconnects: 0, invalid: 0, dropped: 0,
    last_error: "", breaker: "closed",
    ...patch,
  };
}

export function makeLeg(patch: object = {}) {
  return {
    position: 0, side: "buy", venue: "desk_alpha", state: "filled", client_order_id: "exec-1:0", venue_order_id: "A-1", quantity: "2", limit_price: "45", queries: 0,
    last_error: "", sent_at: moment(), finished_at: moment(), fills: [{ quantity: "2", price: "45", fees: "0.225", filled_at: moment() }],
    ...patch,
  };
}

export function makeSpreadExecution(patch: object = {}) {
  return {
    id: "exec-1", kind: "cross_venue", opportunity: "spread-1", market: "giftcard", symbol: "giftcard:amazon:50:USD:US", buy_venue: "desk_alpha",
    sell_venue: "desk_beta", actor: "tess", mode: "paper", state: "settled", quantity: "2", currency: "USD", expected_cost: "90.225", expected_proceeds: "93.906",
    expected_profit: "3.681", expected_net_bps: "407.98", realised_cost: "90.225", realised_proceeds: "93.906", realised_profit: "3.5", shown: {}, checked: {},
    note: "", reason: "", created_at: moment(-5_000), finished_at: moment(), legs: [makeLeg(), makeLeg({ position: 1, side: "sell", venue: "desk_beta", client_order_id: "exec-1:1" })],
    ...patch,
  };
}

export function makeBook(patch: object = {}) {
  const quote = (venue: string, bid: string | null, ask: string | null, more: object = {}) => ({
    venue, bid, ask, bid_size: bid && "3", ask_size: ask && "4", received_at: moment(-1_000), age_ms: 1_000, state: "live", is_fresh: true, ...more,
  });
  return {
    symbol: "crypto:BTC/USDT", market: "crypto", base: "BTC", quote: "USDT", denomination: null, region: "", is_crossed: true,
    best_bid: { venue: "kraken", price: "100.5", size: "3" }, best_ask: { venue: "binance", price: "100.1", size: "4" },
    venues: [quote("binance", "100.0", "100.1"), quote("kraken", "100.5", "100.9"), quote("okx", "101", "102", { state: "stale", is_fresh: false })],
    ...patch,
  };
}

export interface DeskAnswers {
  spreads?: object[];
  markets?: object[];
  executions?: object[];
  signals?: object[];
  processes?: object[];
}

export function deskHandlers({ spreads = [], markets = [], executions = [], signals = [], processes = [] }: DeskAnswers = {}): HttpHandler[] {
  return [
    http.get(`${ROOT}/spreads/`, () => HttpResponse.json(page(spreads))),
    http.get(`${ROOT}/markets/`, () => HttpResponse.json(page(markets))),
    http.get(`${ROOT}/spread-executions/`, () => HttpResponse.json({ next: null, previous: null, results: executions })),
    http.get(`${ROOT}/signals/history/`, () => HttpResponse.json({ results: signals })),
    http.get(`${ROOT}/health/`, () => HttpResponse.json({ status: "ok", time: moment(), processes, markets: { live: 0, total: 0 }, metrics: {} })),
  ];
}
