import { screen, within } from "@testing-library/react";
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
  expect(screen.getByRole("button", { name: /Cardmarket, trend/ })).toHaveTextContent("€12.00");
});

it("asks without a floor for the whole history", async () => {
  const asked = serve([[makePrice()]]);
  const { user } = show();

  await user.click(await screen.findByRole("button", { name: "Max" }));

  await vi.waitFor(() => expect(asked.at(-1)?.has("recorded_after")).toBe(false));
});

it("gives a chip to one series of each source, and finds the others in a menu", async () => {
  const records = ["cardmarket", "tcgplayer", "cardkingdom", "mtgjson_cardkingdom"].flatMap((source) =>
    ["retail", "avg30", "avg7", "low"].map((type) => makePrice({ source, price_type: type })),
  );
  serve([records]);
  const { user } = show();
  const chips = within(await screen.findByRole("group", { name: "Series" }));
  expect(chips.getAllByRole("button").map((chip) => chip.getAttribute("aria-pressed"))).toEqual(["true", "true", "true", "false"]);
  expect(chips.getByRole("button", { name: /MTGJSON · Card Kingdom, retail/ })).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: /^All 16/ }));
  await user.type(screen.getByRole("searchbox", { name: "Find a series" }), "cardmarket 7-day");
  await user.click(screen.getByRole("checkbox"));

  expect(chips.getByRole("button", { name: /Cardmarket, 7-day average/ })).toHaveAttribute("aria-pressed", "true");
});

it("draws no seventh line", async () => {
  serve([["trend", "low", "avg30", "avg7", "avg", "avg1", "mid"].map((type) => makePrice({ price_type: type }))]);
  const { user } = show();
  await user.click(await screen.findByRole("button", { name: /^All 7/ }));

  for (const box of screen.getAllByRole<HTMLInputElement>("checkbox")) if (!box.checked && !box.disabled) await user.click(box);

  expect(screen.getAllByRole<HTMLInputElement>("checkbox").filter((box) => box.disabled)).toHaveLength(1);
  expect(within(screen.getByRole("group", { name: "Series" })).getAllByRole("button")).toHaveLength(6);
});

it("says so when the range holds no prices", async () => {
  serve([[]]);

  show();

  expect(await screen.findByText("No prices in this range")).toBeInTheDocument();
});
