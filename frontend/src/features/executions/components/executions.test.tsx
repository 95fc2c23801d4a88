import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";
import { alice, problem, tina } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

import type { Comparison, ExecutionDetail } from "../api/shapes";

const ROOT = "http://localhost/api/v1";
const CARD = { id: "card-1", name: "Chase Rare", set_code: "TST", number: "7" };

function makeExecution(patch: Partial<ExecutionDetail> = {}): ExecutionDetail {
  return {
    id: "ex-1", opportunity: "opp-1", product: makeOpportunity().sealed_product, buy_source: "cardmarket", sell_source: "tcgplayer", actor: "tina", mode: "paper",
    state: "bought", quantity: 2, currency: "EUR", expected_cost: "120.00", expected_proceeds: "152.00", expected_profit: "32.00", expected_margin_percentage: "26.66",
    confidence_score: "0.84", probability_of_profit: "0.8000", risk_level: "medium", realised_cost: null, realised_proceeds: null, realised_profit: null, quote_version: "3", shown: {}, checked: {},
    note: "", created_at: "2026-11-20T12:00:00Z", settles_at: "2026-11-21T12:00:00Z", settled_at: null, closed_reason: "",
    orders: [
      {
        id: "o1", leg: 0, side: "buy", state: "filled", client_order_id: "ex-1:0", source: "cardmarket", product: { id: "p", name: "Dragon Deck" }, finish: "", quantity: 2, limit_price: "60.00",
        fills: [{ id: "f1", quantity: 2, price: "60.00", fees: "0.00", postage: "1.50", filled_at: "2026-11-20T12:00:00Z", price_recorded_at: "2026-11-20T11:00:00Z" }],
      },
      { id: "o2", leg: 1, side: "sell", state: "open", client_order_id: "ex-1:1", source: "tcgplayer", product: { id: "card-1", name: "Chase Rare" }, finish: "nonfoil", quantity: 1, limit_price: "40.00", fills: [] },
    ],
    postings: [
      { key: "buy:1", description: "Bought 2 for 120.00 EUR", posted_at: "2026-11-20T12:00:00Z", entries: [{ account: "cash", currency: "EUR", amount: "-120.00" }, { account: "inventory", currency: "EUR", amount: "120.00" }] },
    ],
    openings: [{ id: "op", origin: "simulated", quantity: 2, note: "", opened_at: "2026-11-20T12:00:00Z", entered_by: null, lines: [] }],
    ...patch,
  };
}

function makeComparison(patch: Partial<Comparison> = {}): Comparison {
  return {
    currency: "EUR", quantity: 2, opened: 2, is_settled: false,
    expected: { cost: "120.00", proceeds: "152.00", profit: "32.00" }, realised: { cost: "120.00", proceeds: "0.00", profit: "-120.00" },
    pulled_value: "160.00", model_value: "80.00",
    cards: [
      { product: CARD, finish: "nonfoil", expected_copies: "1.0000000000", pulled: 3, sold: 0, model_price: "40.00", average_price: null, net: null, is_counted: true },
      { product: { ...CARD, id: "card-2", name: "Missed Mythic" }, finish: "foil", expected_copies: "0.0040000000", pulled: 0, sold: 0, model_price: "90.00", average_price: null, net: null, is_counted: true },
    ],
    ...patch,
  };
}

function serve(execution = makeExecution(), comparison = makeComparison()) {
  server.use(
    http.get(`${ROOT}/executions/:id/comparison/`, () => HttpResponse.json(comparison)),
    http.get(`${ROOT}/executions/:id/sales/`, () => HttpResponse.json({ next: null, previous: null, count: 0, results: [] })),
    http.get(`${ROOT}/executions/:id/`, () => HttpResponse.json(execution)),
  );
}

beforeEach(() => {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(tina)));
});

describe("the list", () => {
  it("asks for what the URL says, days as whole days in UTC, and loads older ones", async () => {
    const asked: Record<string, string>[] = [];
    server.use(
      http.get(`${ROOT}/executions/`, ({ request }) => {
        const query = Object.fromEntries(new URL(request.url).searchParams);
        asked.push(query);
        const isFirst = query["cursor"] === undefined;
        const row = makeExecution({ id: isFirst ? "new" : "old", product: { ...makeOpportunity().sealed_product, name: isFirst ? "New box" : "Old box" } });
        return HttpResponse.json({ next: isFirst ? `${ROOT}/executions/?cursor=abc` : null, previous: null, results: [row] });
      }),
    );
    const { user } = renderApp("/executions?state=bought,settled&actor=me&from=2026-11-01&to=2026-11-20");
    await screen.findByRole("link", { name: /New box/ });
    expect(asked[0]).toEqual({ state: "bought,settled", actor: "me", created_after: "2026-11-01T00:00:00Z", created_before: "2026-11-21T00:00:00Z" });
    expect(screen.getByRole("link", { name: "CSV" })).toHaveAttribute("href", expect.stringContaining("created_before=2026-11-21T00%3A00%3A00Z"));

    await user.click(screen.getByRole("button", { name: "Load older" }));

    expect(await screen.findByRole("link", { name: /Old box/ })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: /New box/ })).toBeInTheDocument();
    expect(asked.at(-1)?.["cursor"]).toBe("abc");
  });

  it("states expected, realised and the difference of what is settled", async () => {
    server.use(
      http.get(`${ROOT}/executions/`, () =>
        HttpResponse.json({ next: null, previous: null, results: [makeExecution({ state: "settled", expected_profit: "32.00", realised_profit: "29.50" })] }),
      ),
    );
    renderApp("/executions");

    const row = within(await screen.findByRole("row", { name: /Neon Dynasty/ }));
    expect(row.getByText("Settled")).toBeInTheDocument();
    expect(row.getByText("+€29.50")).toBeInTheDocument();
    expect(row.getByText("−€2.50")).toBeInTheDocument();
  });

  it("leads from nothing to what is executable, and says so when filters hide all", async () => {
    server.use(http.get(`${ROOT}/executions/`, () => HttpResponse.json({ next: null, previous: null, results: [] })));
    const { user, search } = renderApp("/executions");
    expect(await screen.findByRole("link", { name: "What is executable now" })).toBeInTheDocument();

    await user.click(screen.getByRole("button", { name: "Failed" }));

    expect(await screen.findByText("No execution matches these filters")).toBeInTheDocument();
    expect(search()).toEqual({ state: "failed" });
  });
});

describe("the page", () => {
  it("shows the steps, the figures so far, and pulled cards against the model", async () => {
    serve();
    const { user } = renderApp("/executions/ex-1");

    const steps = within(await screen.findByRole("list", { name: "Steps" }));
    expect(steps.getByText("Selling").closest("li")).toHaveAttribute("aria-current", "step");
    expect(await screen.findByText("−€120.00")).toBeInTheDocument();
    expect(await screen.findByText(/more than/)).toBeInTheDocument();
    expect(screen.getByRole("row", { name: /Chase Rare/ })).toBeInTheDocument();
    expect(screen.queryByRole("row", { name: /Missed Mythic/ })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Not pulled" }));
    expect(screen.getByRole("row", { name: /Missed Mythic.*< 0\.01/ })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Enter an opening" })).not.toBeInTheDocument();
  });

  it("settles after asking, and keeps the question open with the reason when it fails", async () => {
    serve();
    let count = 0;
    server.use(http.post(`${ROOT}/executions/:id/settle/`, () => (++count === 1 ? problem(409, { detail: "The execution is closed." }) : HttpResponse.json(makeExecution({ state: "settled" })))));
    const { user } = renderApp("/executions/ex-1");
    await user.click(await screen.findByRole("button", { name: "Settle now" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Settle now" }));

    await user.click(dialog.getByRole("button", { name: "Sell everything" }));
    expect(await dialog.findByRole("alert")).toHaveTextContent("The execution is closed.");
    await user.click(dialog.getByRole("button", { name: "Sell everything" }));

    expect(await screen.findByText("Sold what has a price")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("offers no cancelling once something was opened", async () => {
    serve();
    renderApp("/executions/ex-1");

    expect(await screen.findByRole("button", { name: "Settle now" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument();
  });

  it("cancels only with a reason, and only before anything was opened", async () => {
    serve(makeExecution({ openings: [] }), makeComparison({ opened: 0 }));
    const bodies: unknown[] = [];
    server.use(
      http.post(`${ROOT}/executions/:id/cancel/`, async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json(makeExecution({ state: "cancelled" }));
      }),
    );
    const { user } = renderApp("/executions/ex-1");
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Cancel the execution" }));
    expect(dialog.getByRole("button", { name: "Cancel the execution" })).toBeDisabled();

    await user.type(dialog.getByLabelText("Reason"), "Seller withdrew");
    await user.click(dialog.getByRole("button", { name: "Cancel the execution" }));

    await waitFor(() => expect(bodies).toEqual([{ reason: "Seller withdrew" }]));
  });

  it("books a sale of copies that the broker does not offer", async () => {
    serve();
    const bodies: unknown[] = [];
    server.use(
      http.post(`${ROOT}/executions/:id/sales/`, async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json({}, { status: 201 });
      }),
    );
    const { user } = renderApp("/executions/ex-1?tab=sales");
    await user.click(await screen.findByRole("button", { name: "Enter a sale" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Enter a sale" }));
    expect(dialog.getByRole("option", { name: "Chase Rare (2 left)" })).toBeInTheDocument();

    await user.clear(dialog.getByLabelText("Copies"));
    await user.type(dialog.getByLabelText("Copies"), "3");
    expect(dialog.getByRole("button", { name: "Book the sale" })).toBeDisabled();
    await user.clear(dialog.getByLabelText("Copies"));
    await user.type(dialog.getByLabelText("Copies"), "2");
    await user.type(dialog.getByLabelText("Paid by the buyer, EUR"), "79.90");
    await user.click(dialog.getByRole("button", { name: "Book the sale" }));

    await waitFor(() => expect(bodies).toEqual([{ product: "card-1", finish: "nonfoil", quantity: 2, gross: "79.90", fees: "0", postage: "0", note: "" }]));
  });

  it("books an opening where no broker opened it, from cards that can be inside", async () => {
    serve(makeExecution({ openings: [] }), makeComparison({ opened: 0 }));
    const bodies: unknown[] = [];
    server.use(
      http.post(`${ROOT}/executions/:id/openings/`, async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json({}, { status: 201 });
      }),
    );
    const { user } = renderApp("/executions/ex-1");
    await user.click(await screen.findByRole("button", { name: "Enter an opening" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Enter an opening" }));

    await user.type(dialog.getByLabelText("Find a card"), "mythic");
    await user.type(dialog.getByLabelText("Copies of Missed Mythic, foil"), "1");
    await user.click(dialog.getByRole("button", { name: "Book the opening" }));

    await waitFor(() => expect(bodies).toEqual([{ quantity: 1, note: "", lines: [{ product: "card-2", finish: "foil", quantity: 1 }] }]));
  });

  it("shows orders with their fills, and a ledger whose sides balance", async () => {
    serve();
    const { user } = renderApp("/executions/ex-1?tab=orders");
    const buy = within(await screen.findByRole("row", { name: /Dragon Deck/ }));
    expect(buy.getByText("€1.50")).toBeInTheDocument();
    expect(within(screen.getByRole("row", { name: /Chase Rare/ })).getByText("waiting")).toBeInTheDocument();

    await user.click(screen.getByRole("button", { name: "Ledger" }));
    const postings = within(await screen.findByRole("table", { name: "Postings" }));
    expect(postings.getAllByText("€120.00")).toHaveLength(2);
  });

  it("offers an analyst no deeds", async () => {
    serve();
    server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)));
    renderApp("/executions/ex-1");

    await screen.findByRole("row", { name: /Chase Rare/ });
    expect(screen.queryByRole("button", { name: "Settle now" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Note" })).not.toBeInTheDocument();
  });
});
