import { describe, expect, it } from "vitest";

import { makeHost, makeRoute, makeSource } from "@/testing/factories";

import { attributionsOf, newestPriceOf, reasonOf, reviewState, routeState, sourceState, totalsOf } from "./route-state";

const open = makeHost({ breaker: "open", opened_until: "2026-11-21T05:00:00Z", failures: 5, last_failure: "blocked" });

describe("a route", () => {
  it.each([
    ["live", {}],
    ["waiting", { last_success_at: null }],
    ["waiting", { is_ready: false, not_ready_code: "credentials_missing" }],
    ["off", { is_ready: false, not_ready_code: "switched_off" }],
    ["off", { is_ready: false, not_ready_code: "not_acknowledged" }],
    ["review", { is_ready: false, not_ready_code: "terms_review_expired" }],
    ["review", { is_ready: false, not_ready_code: "terms_not_reviewed" }],
    ["failing", { last_failure_at: "2026-11-21T04:00:00Z" }],
    ["failing", { last_success_at: null, last_failure_at: "2026-11-21T04:00:00Z" }],
    ["live", { last_failure_at: "2026-11-21T02:00:00Z" }],
    ["failing", { hosts: [makeHost(), open] }],
    ["live", { hosts: [makeHost({ breaker: "half_open" })] }],
    ["off", { is_ready: false, not_ready_code: "switched_off", hosts: [open] }],
  ] as const)("is %s with %o", (state, patch) => {
    expect(routeState(makeRoute({ ...patch, hosts: "hosts" in patch ? [...patch.hosts] : [makeHost()] }))).toBe(state);
  });

  it("says why it is not live", () => {
    expect(reasonOf(makeRoute())).toBe("");
    expect(reasonOf(makeRoute({ is_ready: false, not_ready_code: "switched_off", not_ready_reason: "It is switched off." }))).toBe("It is switched off.");
    expect(reasonOf(makeRoute({ last_failure_at: "2026-11-21T04:00:00Z", last_error: "No answer." }))).toBe("No answer.");
    expect(reasonOf(makeRoute({ hosts: [open] }))).toBe("The host is left alone for now.");
    expect(reasonOf(makeRoute({ last_success_at: null }))).toBe("Has not run yet.");
  });
});

it("takes a source for as good as its best route", () => {
  const off = makeRoute({ is_ready: false, not_ready_code: "switched_off" });
  const failing = makeRoute({ last_failure_at: "2026-11-21T04:00:00Z" });

  expect(sourceState(makeSource({ routes: [failing, makeRoute()] }))).toBe("live");
  expect(sourceState(makeSource({ routes: [off, failing] }))).toBe("failing");
  expect(sourceState(makeSource({ routes: [off] }))).toBe("off");
  expect(sourceState(makeSource({ routes: [] }))).toBe("off");
});

it.each([
  ["ok", "2026-11-21", "2027-05-20"],
  ["soon", "2026-06-01", "2026-11-28"],
  ["overdue", "2026-05-20", "2026-11-16"],
  ["none", null, null],
] as const)("calls a review %s", (state, reviewed_on, review_due_on) => {
  expect(reviewState({ reviewed_on, review_due_on }, Date.parse("2026-11-21T12:00:00Z"))).toBe(state);
});

it("credits each source once, and only those that have prices here", () => {
  const silent = makeSource({ newest_price_at: null, routes: [makeRoute({ last_success_at: null, attribution: "Nobody" })] });

  expect(attributionsOf([makeSource(), makeSource({ code: "other" }), silent])).toEqual(["TCGplayer prices by way of tcgcsv.com"]);
});

it("adds the day up and names who fails", () => {
  const failing = makeSource({ name: "eBay", prices_24h: 1, quarantined_24h: 0, routes: [makeRoute({ last_failure_at: "2026-11-21T04:00:00Z" })] });

  expect(totalsOf([makeSource(), failing])).toEqual({ prices: 1205, quarantined: 7, failing: ["eBay"], running: 2 });
});

it("finds the newest price of all sources", () => {
  const at = (newest_price_at: string | null) => makeSource({ newest_price_at });

  expect(newestPriceOf([at(null), at("2026-11-21T04:00:00Z"), at("2026-11-21T05:00:00Z")])).toBe("2026-11-21T05:00:00Z");
  expect(newestPriceOf([at(null)])).toBeNull();
});
