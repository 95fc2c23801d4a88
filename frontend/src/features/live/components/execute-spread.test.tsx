import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";

import { deskHandlers, makeSpread, makeSpreadExecution, moment } from "@/testing/desk";
import { alice, problem, tina } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";

interface Sent {
  key: string | null;
  body: unknown;
}

function answer(respond: (count: number) => Response): Sent[] {
  const sent: Sent[] = [];
  server.use(
    http.post(`${ROOT}/spreads/:id/execute/`, async ({ request }) => {
      sent.push({ key: request.headers.get("Idempotency-Key"), body: await request.json() });
      return respond(sent.length);
    }),
  );
  return sent;
}

const done = () => HttpResponse.json({ execution: makeSpreadExecution() }, { status: 201 });
const quote = (venue: string) => ({ venue, bid: "47", ask: "45", bid_size: "12", ask_size: "8", currency: "USD", received_at: moment(-500), age_ms: 500, state: "live", bids: [], asks: [] });

beforeEach(() => {
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(tina)),
    ...deskHandlers({ spreads: [makeSpread()] }),
    http.get(`${ROOT}/spreads/:id/`, () =>
      HttpResponse.json({
        ...makeSpread({ buy_price: "45.2", cost: "45.313", net_profit: "1.64", net_bps: "361.9", last_seen_at: moment() }),
        inputs: { fees: { buy: { fee_bps: "25", slippage_bps: "0", fixed_fee: "0" }, sell: { fee_bps: "10", slippage_bps: "5", fixed_fee: "0" } } },
        quotes_readable: true, buy_quote: quote("desk_alpha"), sell_quote: quote("desk_beta"), episodes: [],
      }),
    ),
  );
});

async function open() {
  const app = renderApp("/live");
  await app.user.click(await screen.findByRole("button", { name: "Execute Amazon $50 US, Desk alpha to Desk beta" }, { timeout: 10_000 }));
  const dialog = within(await screen.findByRole("dialog", { name: "Execute Amazon $50 US" }));
  await dialog.findByRole("list", { name: "Quotes of both legs now" });
  return { ...app, dialog };
}

it("shows both legs as seen and as they are now, with their fees, and executes once however often it is pressed", async () => {
  const sent = answer(done);
  const { user, dialog } = await open();

  const buy = within(dialog.getByRole("row", { name: /Buy at Desk alpha/ }));
  expect(buy.getByText("$45.00")).toBeInTheDocument();
  expect(buy.getByText("$45.20")).toHaveTextContent("worse than shown");
  expect(dialog.getByRole("row", { name: /Buying fees/ })).toHaveTextContent("25 bps");
  expect(dialog.getByRole("row", { name: /Selling fees/ })).toHaveTextContent("10 bps + 5 bps slippage");
  expect(dialog.getByText(/No real order is sent/)).toBeInTheDocument();
  const confirm = dialog.getByRole("button", { name: "Confirm paper execution" });
  expect(confirm).toBeDisabled();

  await user.clear(dialog.getByLabelText("Quantity, cards"));
  await user.type(dialog.getByLabelText("Quantity, cards"), "2");
  await user.click(dialog.getByRole("checkbox"));
  expect(dialog.getByText("$90.63")).toBeInTheDocument();
  act(() => {
    confirm.click(); // both before React draws the first one's effect, as a quick hand does
    confirm.click();
  });

  expect(await screen.findByRole("dialog", { name: "Executed" })).toHaveTextContent("Realised +$3.50, +$3.68 were expected.");
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toEqual({ quantity: "2", min_net_bps: "50", accept_disclaimer: true });
  expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/);
});

it.each([
  ["0", "Give a whole number of cards, 1 or more."],
  ["1.5", "Give a whole number of cards, 1 or more."],
  ["9", "Only 8 can be had at a profit now."],
])("is blocked for a quantity of %s", async (quantity, reason) => {
  const { user, dialog } = await open();
  await user.clear(dialog.getByLabelText("Quantity, cards"));
  await user.type(dialog.getByLabelText("Quantity, cards"), quantity);
  await user.click(dialog.getByRole("checkbox"));

  expect(dialog.getByRole("alert")).toHaveTextContent(reason);
  expect(dialog.getByRole("button", { name: "Confirm paper execution" })).toBeDisabled();
});

it("is blocked by limits of one's own", async () => {
  const { user, dialog } = await open();
  await user.type(dialog.getByLabelText("Buy at most, each"), "45.1");

  expect(dialog.getByRole("alert")).toHaveTextContent("The buying price is above your limit.");
});

it("shows a refusal with the fresh figures; what is sent next is another act", async () => {
  const fresh = { buy: { price: "46.5" }, sell: { price: "47" }, cost: "46.616", proceeds: "46.953", profit: "0.337", net_bps: "72.2", gross_bps: "107" };
  const sent = answer((count) =>
    count === 1 ? problem(409, { code: "figures_moved", detail: "The profit fell.", details: { shown: {}, fresh, reasons: [{ code: "profit_fell", detail: "The profit fell from 1.64 to 0.337." }] } }) : done(),
  );
  const { user, dialog } = await open();
  await user.click(dialog.getByRole("checkbox"));
  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));

  expect(await dialog.findByText("The profit fell from 1.64 to 0.337.")).toBeInTheDocument();
  expect(within(dialog.getByRole("row", { name: /Buy at/ })).getByText("$46.50")).toBeInTheDocument();

  await user.click(dialog.getByRole("button", { name: "Check again" }));
  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));
  await screen.findByRole("dialog", { name: "Executed" });
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
});

it("sends the same act again when nobody knows whether the first one arrived", async () => {
  const sent = answer((count) => (count === 1 ? problem(503, { detail: "Try again." }) : done()));
  const { user, dialog } = await open();
  await user.click(dialog.getByRole("checkbox"));
  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));
  expect(await dialog.findByText("Confirming again is safe: it is the same order.")).toBeInTheDocument();

  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.key).toBe(sent[0]?.key);
});

it("is not for an analyst", async () => {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)));
  renderApp("/live");

  expect(await screen.findByRole("button", { name: /^Execute Amazon/ })).toHaveAttribute("title", "Executing needs the role trader");
});
