import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it, vi } from "vitest";

import { makePrice } from "@/testing/factories";
import { page } from "@/testing/handlers";
import { renderAlone } from "@/testing/render";
import { server } from "@/testing/server";

import { PriceHistoryPanel } from "./price-history-panel";

const HISTORY = "http://localhost/api/v1/products/:id/price-history/";

function serve(pages: ReturnType<typeof makePrice>[][]): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(HISTORY, ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const index = Number(query.get("cursor") ?? 0);
      const next = index + 1 < pages.length ? `http://localhost/api/v1/products/1/price-history/?cursor=${index + 1}` : null;
      return HttpResponse.json({ ...page(pages[index] ?? []), next });
    }),
  );
  return asked;
}

const show = () => renderAlone(<PriceHistoryPanel productId="1" productName="Box" />);

it("reads every page of the range", async () => {
  const asked = serve([[makePrice({ price: "12.00" })], [makePrice({ price: "11.00", recorded_at: "2026-11-20T03:00:00Z" })]]);

  show();

  expect(await screen.findByRole("img", { name: "Price history of Box" })).toBeInTheDocument();
  expect(asked.map((query) => query.get("cursor"))).toEqual([null, "1"]);
  expect(asked[0]?.get("recorded_after")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(screen.getByRole("button", { name: /Cardmarket trend/ })).toHaveTextContent("€12.00");
});

it("asks without a floor for the whole history", async () => {
  const asked = serve([[makePrice()]]);
  const { user } = show();

  await user.click(await screen.findByRole("button", { name: "Max" }));

  await vi.waitFor(() => expect(asked.at(-1)?.has("recorded_after")).toBe(false));
});

it("shows three lines at first and lets each be switched", async () => {
  serve([["trend", "low", "avg30", "avg7"].map((type) => makePrice({ price_type: type }))]);
  const { user } = show();
  const fourth = await screen.findByRole("button", { name: /7-day average/ });
  expect(fourth).toHaveAttribute("aria-pressed", "false");

  await user.click(fourth);

  expect(fourth).toHaveAttribute("aria-pressed", "true");
});

it("says so when the range holds no prices", async () => {
  serve([[]]);

  show();

  expect(await screen.findByText("No prices in this range")).toBeInTheDocument();
});
