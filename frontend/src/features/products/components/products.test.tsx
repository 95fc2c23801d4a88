import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { makeContents, makeProduct } from "@/testing/factories";
import { page } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1/products";

it("searches the catalogue from the URL and back into it", async () => {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(`${ROOT}/`, ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(page([makeProduct({ name: "Found Box" })]));
    }),
  );
  const { user, search } = renderApp("/products?search=found&product_type=nonsense&page=2");

  expect(await screen.findByText("Found Box")).toBeInTheDocument();
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({ search: "found", page: "2", page_size: "50" });

  await user.click(screen.getByRole("button", { name: "Singles" }));
  await waitFor(() => expect(search()).toEqual({ search: "found", product_type: "single" }));
});

it("says how to get a catalogue when there is none", async () => {
  server.use(http.get(`${ROOT}/`, () => HttpResponse.json(page([]))));

  renderApp("/products");

  expect(await screen.findByText("The catalogue is empty")).toBeInTheDocument();
});

it("shows a sealed product with its prices, contents and opportunities", async () => {
  server.use(
    http.get(`${ROOT}/:id/contents/`, () =>
      HttpResponse.json(
        makeContents({
          complete: false,
          missing: ["Promo card"],
          choices: [{ draws: 1, with_replacement: false, alternatives: [{ weight: 3, lines: [] }, { weight: 1, lines: [] }] }],
        }),
      ),
    ),
  );

  renderApp("/products/some-id");

  const contents = within(await screen.findByRole("region", { name: "Contents" }));
  expect(await contents.findByText("Draft Booster")).toBeInTheDocument();
  expect(contents.getByText("3 in 4")).toBeInTheDocument();
  expect(contents.getByText(/Promo card/)).toBeInTheDocument();
  expect(await screen.findByRole("region", { name: "Opportunities" })).toBeInTheDocument();
  expect(screen.getByText("587698")).toBeInTheDocument();
});

it("shows no contents and no opportunities for a single", async () => {
  server.use(http.get(`${ROOT}/:id/`, () => HttpResponse.json(makeProduct({ product_type: "single", number: "266", rarity: "rare" }))));

  renderApp("/products/some-id");

  expect(await screen.findByText("Collector number")).toBeInTheDocument();
  expect(screen.queryByRole("region", { name: "Contents" })).not.toBeInTheDocument();
});
