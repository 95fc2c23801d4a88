import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, it } from "vitest";

import { makeBook, moment } from "@/testing/desk";
import { FakeSource } from "@/testing/fake-source";
import { alice, page } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";
const CARD = makeBook({
  symbol: "giftcard:amazon:25:USD:US", market: "giftcard", base: "amazon", quote: "USD", best_bid: { venue: "desk_beta", price: "23.4", size: "3" }, best_ask: { venue: "desk_alpha", price: "24.1", size: null },
  is_crossed: false, venues: [{ venue: "desk_alpha", bid: null, ask: "24.1", bid_size: null, ask_size: null, received_at: moment(-60_000), age_ms: 60_000, state: "live", is_fresh: false }],
});

function answer(books: object[]) {
  server.use(http.get(`${ROOT}/books/`, ({ request }) => {
    const symbol = new URL(request.url).searchParams.get("symbol");
    if (!symbol) return HttpResponse.json(page(books));
    return HttpResponse.json(page([makeBook({ venues: [{ venue: "kraken", bid: "100.5", ask: "100.9", bid_size: "3", ask_size: "4", received_at: moment(), age_ms: 0, state: "live", is_fresh: true, bids: [["100.5", "3"], ["100.4", "7"]], asks: [["100.9", "4"]] }] })]));
  }));
}

beforeEach(() => {
  FakeSource.made = [];
  Object.assign(globalThis, { EventSource: FakeSource });
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)));
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, "EventSource");
});

const book = (name: RegExp) => screen.findByRole("button", { name });

it("shows the best prices of every instrument, flags crossed ones, and greys what is too old", async () => {
  answer([makeBook(), CARD]);
  renderApp("/books");

  const crypto = within(await book(/BTC\/USDT/));
  expect(crypto.getByText("100.5")).toBeInTheDocument();
  expect(crypto.getByText("Kraken, 3")).toBeInTheDocument();
  expect(crypto.getByText(/Crossed \+40\.0 bps gross/)).toBeInTheDocument();
  expect(crypto.getByText("2 of 3 venues live")).toBeInTheDocument();
  expect(within(await book(/Amazon \$25 US/)).getByText("Stale")).toBeInTheDocument();
});

it("opens a book by its address, with every venue's quote and the levels behind it", async () => {
  answer([makeBook()]);
  const { user, search } = renderApp("/books");
  await user.click(await book(/BTC\/USDT/));

  const quotes = within(await screen.findByRole("table", { name: "Quotes of BTC/USDT" }));
  expect(within(quotes.getByRole("row", { name: /^Kraken/ })).getByText("100.5")).toHaveTextContent("best");
  expect(within(quotes.getByRole("row", { name: /^OKX/ })).getByText("Stale")).toBeInTheDocument();
  const bids = within(await screen.findByRole("list", { name: "Bids at Kraken" }));
  expect(bids.getAllByRole("listitem")).toHaveLength(2);
  expect(search()).toEqual({ open: "crypto:BTC/USDT" });
});

it("filters by name, currency and desk, in the address", async () => {
  answer([makeBook(), CARD]);
  const { user, search } = renderApp("/books");
  await book(/BTC\/USDT/);

  await user.type(screen.getByLabelText("Brand, coin or pair"), "amaz{Enter}");
  await waitFor(() => expect(screen.queryByRole("button", { name: /BTC\/USDT/ })).not.toBeInTheDocument());
  expect(search()).toEqual({ search: "amaz" });

  await user.click(screen.getByRole("button", { name: "Crypto" }));
  expect(await screen.findByText("No book matches these filters")).toBeInTheDocument();
  await user.click(within(screen.getByRole("region", { name: "Order books" })).getByRole("button", { name: "Clear filters" }));
  await book(/BTC\/USDT/);
});

it("follows the stream, and stands still while it is frozen", async () => {
  answer([makeBook()]);
  const { user } = renderApp("/books");
  const crypto = within(await book(/BTC\/USDT/));
  await waitFor(() => expect(FakeSource.latest.url).toContain("quote"));
  const tell = (price: string) => act(() => FakeSource.latest.send("quote", { ...makeBook({ best_bid: { venue: "kraken", price, size: "3" } }), name: "book" }));

  tell("100.7");
  expect(await crypto.findByText("100.7")).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Pause" }));
  tell("100.8");
  expect(await screen.findByRole("button", { name: /1 waiting/ })).toBeInTheDocument();
  expect(crypto.getByText("100.7")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: /Go on/ }));
  expect(await crypto.findByText("100.8")).toBeInTheDocument();
});

it("says what to do when nobody quotes", async () => {
  answer([]);
  renderApp("/books");

  expect(await screen.findByText("No quotes yet")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Look at the venues" })).toHaveAttribute("href", "/app/live");
});
