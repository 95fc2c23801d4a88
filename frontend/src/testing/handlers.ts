// An API that answers: what tests do not override.

import { http, HttpResponse } from "msw";

import type { Session, SessionUser } from "@/api/types";

import { makeContents, makeCoverage, makeDetail, makeExplanation, makeJob, makeOpportunity, makePrice, makeProduct, makeSource, makeSummary } from "./factories";

export function page<T>(results: T[], count = results.length) {
  return { next: null, previous: null, count, results };
}

export function problem(status: number, fields: Record<string, unknown> = {}) {
  return HttpResponse.json(
    { type: "about:blank", title: "Refused", status, detail: "It did not work.", code: "refused", request_id: "req-123", ...fields },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
}

export const visitor: Session = { user: null, mode: "paper", is_demo: false, version: "0.1.0" };
export const alice: Session & { user: SessionUser } = { ...visitor, user: { username: "alice", role: "analyst", time_zone: "UTC" } };

export const tina: Session = { ...visitor, user: { username: "tina", role: "trader", time_zone: "UTC" } };

export const bob: Session & { user: SessionUser } = { ...visitor, user: { username: "bob", role: "operator", time_zone: "UTC" } };

const root = "http://localhost/api/v1";

export const handlers = [
  http.get(`${root}/session/`, () => HttpResponse.json(visitor)),
  http.get(`${root}/notifications/`, () => HttpResponse.json({ next: null, previous: null, unread_count: 0, results: [] })),
  http.get(`${root}/trading/status/`, () => HttpResponse.json({ mode: "paper", is_halted: false, switches: [], disclaimer: { version: "1", text: "Paper only." } })),
  http.get(`${root}/sources/`, () => HttpResponse.json(page([makeSource()]))),
  http.get(`${root}/coverage/`, () => HttpResponse.json(makeCoverage())),
  http.get(`${root}/jobs/:id/`, ({ params }) => HttpResponse.json(makeJob({ id: String(params["id"]) }))),
  http.get(`${root}/jobs/`, () => HttpResponse.json(page([makeJob()]))),
  http.get(`${root}/opportunities/stats/summary/`, () => HttpResponse.json(makeSummary())),
  http.get(`${root}/opportunities/:id/explain/`, () => HttpResponse.json(makeExplanation())),
  http.get(`${root}/opportunities/:id/`, ({ params }) => HttpResponse.json(makeDetail({ id: String(params["id"]) }))),
  http.get(`${root}/opportunities/`, () => HttpResponse.json(page([makeOpportunity()]))),
  http.get(`${root}/opportunities/:id/history/`, () => HttpResponse.json({ currency: "EUR", points: [] })),
  http.get(`${root}/opportunities/:id/timeline/`, () => HttpResponse.json({ results: [], verified: true })),
  http.get(`${root}/saved-views/`, () => HttpResponse.json(page([]))),
  http.get(`${root}/scenarios/`, () => HttpResponse.json(page([]))),
  http.get(`${root}/watches/`, () => HttpResponse.json(page([]))),
  http.get(`${root}/products/sparklines/`, () => HttpResponse.json({ results: [] })),
  http.get(`${root}/products/:id/price-history/`, () => HttpResponse.json(page([makePrice()]))),
  http.get(`${root}/products/:id/prices/`, () => HttpResponse.json(page([makePrice()]))),
  http.get(`${root}/products/:id/contents/`, () => HttpResponse.json(makeContents())),
  http.get(`${root}/products/:id/`, ({ params }) => HttpResponse.json(makeProduct({ id: String(params["id"]) }))),
  http.get(`${root}/products/`, () => HttpResponse.json(page([makeProduct()]))),
];
