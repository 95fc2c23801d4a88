import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { makeExplanation, makeOpportunity, makeProduct } from "@/testing/factories";
import { alice, page, problem, visitor } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";

it("shows the mode, and the demo badge only in a demo", async () => {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json({ ...visitor, is_demo: true })));

  renderApp("/");

  expect(await screen.findByText("paper")).toBeInTheDocument();
  expect(screen.getByText("Demo")).toBeInTheDocument();
  expect(await screen.findByText("€120.50")).toBeInTheDocument();
});

it("answers an unknown address with its own page", async () => {
  renderApp("/nowhere");

  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeInTheDocument();
});

it("explains an opportunity from figure to provenance, part by part", async () => {
  const { user, search } = renderApp("/opportunities/some-id");

  expect(await screen.findByRole("heading", { level: 1, name: "Neon Dynasty Draft Booster Box" })).toBeInTheDocument();
  for (const title of ["Why this score", "Where the money goes", "Risk level", "Inputs and provenance"]) {
    expect(await screen.findByRole("region", { name: title })).toBeInTheDocument();
  }
  for (const [part, tab, title] of [
    ["Legs & contents", "contents", "Contents"], ["Prices", "prices", "Price history"], ["Simulation", "simulation", "What one unit may be worth"],
    ["Timeline", "timeline", "Events"],
  ] as const) {
    await user.click(screen.getByRole("button", { name: part }));
    expect(await screen.findByRole("region", { name: title })).toBeInTheDocument();
    expect(search()).toEqual({ tab });
  }
});

it("says what a store pays for the cards at once, beside the margin", async () => {
  const instant_sale = { source: "cardkingdom", currency: "USD", value: "61.20", lines_counted: 14 };
  server.use(http.get(`${ROOT}/opportunities/:id/explain/`, () => HttpResponse.json(makeExplanation({ instant_sale }))));

  renderApp("/opportunities/some-id");

  expect(await screen.findByText(/Sold at once to Card Kingdom/)).toHaveTextContent("$61.20 expected for 14 cards");
});

it("says that an opportunity does not exist", async () => {
  server.use(http.get(`${ROOT}/opportunities/:id/`, () => problem(404, { title: "Not found", detail: "No such opportunity." })));

  renderApp("/opportunities/gone");

  expect(await screen.findByRole("alert")).toHaveTextContent("No such opportunity.");
});

it("logs in, says why it could not, and returns to the wanted page", async () => {
  server.use(http.post(`${ROOT}/session/`, () => problem(401, { detail: "That name and password do not match." })));
  const { user, history } = renderApp("/login?next=%2Fapp%2Fproducts");

  await user.type(await screen.findByLabelText("User name"), "alice");
  await user.type(screen.getByLabelText("Password"), "wrong");
  await user.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("do not match");

  server.use(
    http.post(`${ROOT}/session/`, () => HttpResponse.json(alice)),
    http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)),
  );
  await user.click(screen.getByRole("button", { name: "Log in" }));
  await waitFor(() => expect(history.location.pathname).toBe("/app/products"));
  expect(await screen.findByRole("button", { name: "Account: alice" })).toBeInTheDocument();
});

it.each(["https://evil.example/", "//evil.example/app/", "/admin/"])("ignores %s as the page to return to", async (next) => {
  server.use(http.post(`${ROOT}/session/`, () => HttpResponse.json(alice)));
  const { user, history } = renderApp(`/login?next=${encodeURIComponent(next)}`);

  await user.type(await screen.findByLabelText("User name"), "alice");
  await user.type(screen.getByLabelText("Password"), "right");
  await user.click(screen.getByRole("button", { name: "Log in" }));

  await waitFor(() => expect(history.location.pathname).toBe("/app/opportunities"));
});

it("finds products and opportunities with Ctrl+K and goes there", async () => {
  const product = makeProduct({ name: "Rakdos Challenger Deck" });
  server.use(
    http.get(`${ROOT}/opportunities/`, () => HttpResponse.json(page([makeOpportunity({ name: "Rakdos Box" })]))),
    http.get(`${ROOT}/products/`, () => HttpResponse.json(page([product]))),
  );
  const { user, history } = renderApp("/products");
  await screen.findByRole("heading", { name: "Products" });

  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: /Search products/ }), "rakdos");
  expect(await screen.findByRole("option", { name: /Rakdos Box/ })).toBeInTheDocument();
  await user.click(await screen.findByRole("option", { name: /Rakdos Challenger Deck/ }));

  await waitFor(() => expect(history.location.pathname).toBe(`/app/products/${product.id}`));
});

it("lists the shortcuts under ?", async () => {
  const { user } = renderApp("/products");
  await screen.findByRole("heading", { name: "Products" });

  await user.keyboard("?");

  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toHaveTextContent("Search and commands");
});

it("changes the theme and remembers it", async () => {
  const { user } = renderApp("/products");

  await user.click(await screen.findByRole("button", { name: "Theme: system" }));
  await user.click(await screen.findByRole("menuitem", { name: "Dark" }));

  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(window.localStorage.getItem("arbsite.theme")).toBe("dark");
});
