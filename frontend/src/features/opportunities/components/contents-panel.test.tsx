import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { makeExplanation, makeLine } from "@/testing/factories";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

import { copiesText, whyNotCounted } from "./contents-columns";
import { filterLines } from "./contents-panel";

describe("copiesText", () => {
  it.each([
    [true, "2.0000", "2×"],
    [false, "0.0380", "1 in 26"],
    [false, "0.2500", "1 in 4"],
    [false, "0.4000", "1 in 2.5"],
    [false, "2.5000", "2.5× on average"],
    [false, "0", "0× on average"],
  ])("guaranteed %s, %s copies: %s", (guaranteed, copies, expected) => {
    expect(copiesText(makeLine({ guaranteed, expected_copies: copies }))).toBe(expected);
  });
});

it("says why a line does not count", () => {
  expect(whyNotCounted(makeLine({ price: null, counted: false }))).toBe("no usable price");
  expect(whyNotCounted(makeLine({ counted: false }))).toBe("not worth its fees");
});

it("filters by kind and by any word of a line", () => {
  const lines = [makeLine({ name: "Farewell", guaranteed: true }), makeLine({ name: "Isshin", counted: false }), makeLine({ name: "Ao", finish: "foil" })];

  expect(filterLines(lines, "", "guaranteed").map((line) => line.name)).toEqual(["Farewell"]);
  expect(filterLines(lines, "", "counted")).toHaveLength(2);
  expect(filterLines(lines, "FOIL", "random").map((line) => line.name)).toEqual(["Ao"]);
});

function serve(lines = [makeLine()], patch = {}) {
  server.use(
    http.get("http://localhost/api/v1/opportunities/:id/explain/", () =>
      HttpResponse.json(makeExplanation({ contents: { complete: true, coverage: "0.98", unresolved: [], lines, ...patch } })),
    ),
  );
}

const names = (table: HTMLElement) => within(table).getAllByRole("link").map((link) => link.textContent);

it("sorts lines as exact numbers, not as text", async () => {
  serve([makeLine({ name: "Nine", net_value: "9.00" }), makeLine({ name: "Hundred", net_value: "100.00" }), makeLine({ name: "Unpriced", net_value: null })]);
  const { user } = renderApp("/opportunities/1?tab=contents");
  const table = await screen.findByRole("table", { name: "Contents" });
  expect(names(table)).toEqual(["Hundred", "Nine", "Unpriced"]);

  await user.click(within(table).getByRole("button", { name: "Net" }));

  expect(names(table)).toEqual(["Unpriced", "Nine", "Hundred"]);
  expect(within(table).getByRole("columnheader", { name: "Net" })).toHaveAttribute("aria-sort", "ascending");
});

it("draws only the rows in sight of a long list", async () => {
  serve(Array.from({ length: 1000 }, (_, index) => makeLine({ name: `Card ${index}` })));

  renderApp("/opportunities/1?tab=contents");

  const table = await screen.findByRole("table", { name: "Contents" });
  expect(table).toHaveAttribute("aria-rowcount", "1001");
  expect(await within(table).findByRole("link", { name: "Card 0" })).toBeInTheDocument();
  expect(names(table).length).toBeLessThan(100);
});

it("names what is missing from incomplete contents", async () => {
  serve([makeLine()], { complete: false, unresolved: ["Promo pack"] });

  renderApp("/opportunities/1?tab=contents");

  expect(await screen.findByText(/Part of the contents is not known: Promo pack/)).toBeInTheDocument();
});
