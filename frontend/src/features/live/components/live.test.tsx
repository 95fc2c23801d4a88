import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, it } from "vitest";

import { deskHandlers, makeLeg, makeMarket, makeSpread, makeSpreadExecution, moment } from "@/testing/desk";
import { FakeSource } from "@/testing/fake-source";
import { bob, tina } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";

beforeEach(() => {
  FakeSource.made = [];
  Object.assign(globalThis, { EventSource: FakeSource });
  window.localStorage.clear();
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(tina)), ...deskHandlers());
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, "EventSource");
});

async function tell(topic: string, data: object) {
  await waitFor(() => expect(FakeSource.latest.url).toContain("spread"));
  act(() => FakeSource.latest.send(topic, data));
}

const row = (name: RegExp) => screen.findByRole("row", { name }, { timeout: 10_000 });

it("lists what can be executed, net and gross, and follows the stream in place", async () => {
  server.use(...deskHandlers({ spreads: [makeSpread()], markets: [makeMarket()] }));
  renderApp("/live");

  const cells = within(await row(/Amazon \$50 US/));
  expect(cells.getByText("+408")).toHaveTextContent("+408 bps net");
  expect(cells.getByText("+444.4 bps gross")).toBeInTheDocument();
  expect(cells.getByText("+$1.84")).toBeInTheDocument();
  expect(cells.getByText("−$0.70 reserve")).toBeInTheDocument();
  expect(cells.getByText("for 8")).toBeInTheDocument();
  expect(cells.getByRole("button", { name: /^Execute/ })).toBeEnabled();

  await tell("spread", { name: "seen", id: "spread-1", net_bps: "390.5", at_ms: Date.now() });
  expect(await cells.findByText("+390.5")).toBeInTheDocument();

  await tell("spread", { name: "closed", id: "spread-1", reason: "below_threshold", at_ms: Date.now() + 1 });
  expect(await cells.findByText("Closed")).toHaveAttribute("title", "Below the desk's threshold");
  expect(cells.getByRole("button", { name: /^Execute/ })).toBeDisabled();
});

it("does not let a late note of the closing shut a route that has opened anew", async () => {
  server.use(...deskHandlers({ spreads: [makeSpread()] }));
  renderApp("/live");
  await row(/Amazon/);

  const now = Date.now();
  await tell("spread", { name: "open", id: "spread-1", net_bps: "99", at_ms: now });
  await tell("spread", { name: "closed", id: "spread-1", closed_at: new Date(now - 300).toISOString(), closed_reason: "gone" });

  expect(await screen.findByText("+99")).toBeInTheDocument();
  expect(screen.queryByText("Closed")).not.toBeInTheDocument();
});

it("shows a route whose quotes are too old as stale and does not let it be executed", async () => {
  server.use(...deskHandlers({ spreads: [makeSpread({ expires_at: moment(-5_000), is_stale: true })] }));
  renderApp("/live");

  const cells = within(await row(/Amazon/));
  expect(cells.getByText("Stale")).toBeInTheDocument();
  expect(cells.getByRole("button", { name: /^Execute/ })).toHaveAttribute("title", "Its quotes are too old");
});

it("asks for everything again after a resync", async () => {
  let count = 0;
  server.use(
    http.get(`${ROOT}/spreads/`, () => {
      count += 1;
      return HttpResponse.json({ next: null, previous: null, count: 1, results: [makeSpread({ net_bps: count > 1 ? "77" : "55" })] });
    }),
  );
  renderApp("/live");
  expect(await screen.findByText("+55")).toBeInTheDocument();

  await tell("resync", {});

  expect(await screen.findByText("+77")).toBeInTheDocument();
});

it("keeps the floor in this browser, and the desk in the address", async () => {
  const crypto = makeSpread({ id: "spread-2", market: "crypto", symbol: "crypto:BTC/USDT", buy_venue: "okx", sell_venue: "kraken", currency: "USDT", net_bps: "12", net_profit: "11.5", loss_reserve: "0" });
  server.use(...deskHandlers({ spreads: [makeSpread(), crypto] }));
  const { user, search } = renderApp("/live");
  await row(/BTC\/USDT/);

  await user.type(screen.getByLabelText("Profit, each, from"), "5{Enter}");
  await waitFor(() => expect(screen.queryByRole("row", { name: /Amazon/ })).not.toBeInTheDocument());
  expect(screen.getByRole("row", { name: /BTC\/USDT/ })).toBeInTheDocument();
  expect(window.localStorage.getItem("arbsite.desk-floor")).toBe('{"bps":0,"profit":"5"}');

  await user.click(screen.getByRole("button", { name: "Show all" }));
  await user.click(screen.getByRole("button", { name: "Gift cards" }));
  await row(/Amazon/);
  expect(screen.queryByRole("row", { name: /BTC\/USDT/ })).not.toBeInTheDocument();
  expect(search()).toEqual({ market: "giftcard" });
});

it("freezes the figures, counts what waits, and loses nothing of it", async () => {
  server.use(...deskHandlers({ spreads: [makeSpread()] }));
  const { user } = renderApp("/live");
  await row(/Amazon/);
  await user.click(screen.getByRole("button", { name: "Pause" }));

  await tell("spread", { name: "seen", id: "spread-1", net_bps: "300", at_ms: Date.now() });
  await tell("spread", { name: "seen", id: "spread-1", net_bps: "310", at_ms: Date.now() + 1 });
  expect(await screen.findByText("· 2 waiting")).toBeInTheDocument();
  expect(screen.getByText("+408")).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: /Go on/ }));
  expect(await screen.findByText("+310")).toBeInTheDocument();
});

it("shows how venues and processes are doing", async () => {
  const markets = [
    makeMarket({ state: "down", breaker: "open", last_error: "timed out", errors: 3 }),
    makeMarket({ code: "desk_delta", name: "Desk Delta", state: "gated", gated_reason: "Region GB is not in ALLOWED_REGIONS." }),
  ];
  server.use(...deskHandlers({ markets, processes: [{ name: "ingest", state: "live", age_ms: 300, detail: "" }, { name: "sink", state: "down", age_ms: 90_000, detail: "not heard of" }] }));
  renderApp("/live");

  const venues = within(await screen.findByRole("list", { name: "Venues" }));
  expect(venues.getByText("Down")).toBeInTheDocument();
  expect(venues.getByText(/Breaker open/)).toBeInTheDocument();
  expect(venues.getByText("3 errors")).toBeInTheDocument();
  expect(venues.getByText("Region GB is not in ALLOWED_REGIONS.")).toBeInTheDocument();
  const programs = within(await screen.findByRole("region", { name: "Processes" }));
  expect(programs.getByText("running")).toBeInTheDocument();
  expect(programs.getAllByText(/not heard of/)).not.toHaveLength(0);

  await tell("market", { name: "health", code: "desk_alpha", state: "live", breaker: "closed", latency_ms: 7 });
  expect(await venues.findByText("7 ms")).toBeInTheDocument();
  expect(venues.getByText("Desk Alpha")).toBeInTheDocument();
});

it("says how to start when there is nothing", async () => {
  renderApp("/live");

  expect(await screen.findByText("The desk has no venues")).toBeInTheDocument();
  expect(screen.getByText("None of the desk’s programs runs.", { exact: false })).toBeInTheDocument();
  expect(await screen.findByText("Nothing executed yet")).toBeInTheDocument();
});

it("feeds signals newest first and draws their latency", async () => {
  const signal = { type: "ARBITRAGE_OPPORTUNITY", action: "BUY_OKX_SELL_KRAKEN", symbol: "BTC/USDT", spread_pct: 0.61, buy_price: 100.1, sell_price: 100.7, profit_estimate: 0.6, timestamp: Date.now() - 5_000, net_bps: "40.1", flags: ["basis_risk"], latency_us: 850 };
  server.use(...deskHandlers({ signals: [signal] }));
  renderApp("/live");

  const feed = within(await screen.findByRole("list", { name: "Signals" }));
  expect(feed.getByText("+40.1 bps net")).toBeInTheDocument();
  expect(feed.getByText("Basis risk")).toBeInTheDocument();
  expect(screen.getByRole("img", { name: /Histogram of 1 signals/ })).toBeInTheDocument();

  await tell("signal", { ...signal, name: "signal", action: "BUY_BYBIT_SELL_OKX", timestamp: Date.now(), net_bps: "51" });
  await waitFor(() => expect(feed.getAllByRole("listitem")[0]).toHaveTextContent("+51 bps net"));
});

it("marks what nobody knows the end of, and lets an operator say what happened", async () => {
  const stuck = makeSpreadExecution({ state: "stuck", realised_profit: null, reason: "No answer from desk_beta for 120 s", legs: [makeLeg(), makeLeg({ position: 1, side: "sell", state: "unknown", queries: 6, fills: [] })] });
  const sent: unknown[] = [];
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(bob)),
    ...deskHandlers({ executions: [stuck, makeSpreadExecution({ id: "exec-2" })] }),
    http.post(`${ROOT}/spread-executions/:id/resolve/`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(stuck);
    }),
  );
  const { user } = renderApp("/live");

  expect(await screen.findByText("Needs a person")).toBeInTheDocument();
  expect(screen.getByText("No answer from desk_beta for 120 s")).toBeInTheDocument();
  expect(screen.getByText(/asked 6 times so far, never sent twice/)).toBeInTheDocument();
  expect(screen.getByText("not known yet")).toBeInTheDocument();
  expect(screen.getByText(/\+\$3\.50/)).toHaveTextContent("realised");

  await user.click(screen.getByRole("button", { name: "Say what happened" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.selectOptions(dialog.getByLabelText("What the venue shows"), "filled");
  await user.type(dialog.getByLabelText("Price, each"), "46.8");
  await user.type(dialog.getByLabelText("How you know"), "order list");
  await user.click(dialog.getByRole("button", { name: "Write it down" }));

  await waitFor(() => expect(sent).toEqual([{ outcome: "filled", price: "46.8", note: "order list" }]));
});

it("leaves resolving to operators", async () => {
  server.use(...deskHandlers({ executions: [makeSpreadExecution({ state: "stuck" })] }));
  renderApp("/live");

  expect(await screen.findByText("An operator can resolve it.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Say what happened" })).not.toBeInTheDocument();
});
