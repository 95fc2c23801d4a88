import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";
import { alice, page, tina } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";
const [first, second] = [makeOpportunity({ name: "First box" }), makeOpportunity({ name: "Second box" })];

function serve(rows = [first, second], count = rows.length): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(`${ROOT}/opportunities/`, ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(page(rows, count));
    }),
  );
  return asked;
}

function makeView(patch: object = {}) {
  return { id: "view-1", page: "opportunities", name: "Calm boxes", query: "risk_level=low&sealed_kind=booster_box", is_default: false, is_shared: false, is_own: true, owner: "tina", ...patch };
}

function serveViews(...views: object[]) {
  server.use(http.get(`${ROOT}/saved-views/`, () => HttpResponse.json(page(views))));
}

beforeEach(() => {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(tina)));
});

describe("saved views", () => {
  it("are applied with one click, and tell when they are on", async () => {
    serve();
    serveViews(makeView());
    const { user, search } = renderApp("/opportunities");

    const chip = await screen.findByRole("button", { name: "Calm boxes" });
    expect(chip).toHaveAttribute("aria-pressed", "false");
    await user.click(chip);

    await waitFor(() => expect(search()).toEqual({ risk_level: "low", sealed_kind: "booster_box" }));
    expect(chip).toHaveAttribute("aria-pressed", "true");
  });

  it("begin the page with the default one, unless the link asks for something", async () => {
    serve();
    serveViews(makeView({ is_default: true }));
    const plain = renderApp("/opportunities");
    await waitFor(() => expect(plain.search()).toEqual({ risk_level: "low", sealed_kind: "booster_box" }));
  });

  it("leave a link alone that means every opportunity", async () => {
    serve();
    serveViews(makeView({ is_default: true }));
    const { search } = renderApp("/opportunities?view=all");

    await screen.findByRole("button", { name: "Calm boxes" });
    expect(search()).toEqual({ view: "all" });
  });

  it("are kept with filters, order and columns, and replaced under the same name", async () => {
    serve();
    serveViews(makeView());
    const bodies: unknown[] = [];
    server.use(
      http.patch(`${ROOT}/saved-views/view-1/`, async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json(makeView());
      }),
    );
    const { user } = renderApp("/opportunities?margin_min=10&fresh=1h&columns=margin,risk&page=3&inspect=x");
    await user.click(await screen.findByRole("button", { name: "Save view" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Save view" }));

    await user.type(dialog.getByLabelText("Name"), "calm boxes");
    await user.click(dialog.getByLabelText(/Begin with it/));
    await user.click(dialog.getByRole("button", { name: "Replace view" }));

    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(bodies).toEqual([{ name: "calm boxes", query: "columns=margin,risk&fresh=1h&margin_min=10", is_default: true, is_shared: false }]);
  });
});

describe("bulk actions", () => {
  it("reach everything that matches, and tell what was skipped", async () => {
    serve([first, second], 128);
    const bodies: Record<string, unknown>[] = [];
    server.use(
      http.post(`${ROOT}/opportunities/bulk/`, async ({ request }) => {
        bodies.push((await request.json()) as Record<string, unknown>);
        expect(request.headers.get("Idempotency-Key")).toBeTruthy();
        return HttpResponse.json({ action: "dismiss", matched: 128, done: 126, skipped: [first, second].map(({ id }) => ({ id, code: "closed", detail: "Already closed" })), job: null });
      }),
    );
    const { user } = renderApp("/opportunities?margin_min=10&page=2");
    await user.click(await screen.findByRole("checkbox", { name: "Select all on this page" }));
    const bar = within(screen.getByRole("toolbar", { name: "Selected opportunities" }));
    expect(bar.getByText("2 selected")).toBeInTheDocument();

    await user.click(bar.getByRole("button", { name: "Select all 128 matching" }));
    await user.click(bar.getByRole("button", { name: "Dismiss" }));
    await user.type(await screen.findByLabelText("Reason"), "Wrong price");
    await user.click(within(screen.getByRole("dialog", { name: "Dismiss" })).getByRole("button", { name: "Dismiss" }));

    expect(await screen.findByText("126 opportunities dismissed")).toBeInTheDocument();
    expect(screen.getByText("2 skipped: Already closed (2)")).toBeInTheDocument();
    expect(bodies).toEqual([{ action: "dismiss", all_matching: "margin_min=10", reason: "Wrong price" }]);
    expect(screen.queryByRole("toolbar")).not.toBeInTheDocument();
  });

  it("name the marked rows, and forget them with the view", async () => {
    serve();
    const bodies: Record<string, unknown>[] = [];
    server.use(
      http.post(`${ROOT}/opportunities/bulk/`, async ({ request }) => {
        bodies.push((await request.json()) as Record<string, unknown>);
        return HttpResponse.json({ action: "watch", matched: 1, done: 1, skipped: [] });
      }),
    );
    const { user } = renderApp("/opportunities");
    await screen.findByText("First box");
    await user.keyboard("jjx");
    await user.click(screen.getByRole("button", { name: "Watch" }));
    await waitFor(() => expect(bodies).toEqual([{ action: "watch", ids: [second.id] }]));

    await user.click(screen.getByRole("checkbox", { name: "Select First box" }));
    await user.click(screen.getByRole("button", { name: "Low risk" }));
    await waitFor(() => expect(screen.queryByRole("toolbar")).not.toBeInTheDocument());
  });

  it("offer an analyst no dismissal, and a visitor nothing", async () => {
    serve();
    server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)));
    const { user } = renderApp("/opportunities");

    await user.click(await screen.findByRole("checkbox", { name: "Select First box" }));

    expect(screen.getByRole("button", { name: "Re-validate" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Dismiss" })).not.toBeInTheDocument();
  });
});

it("watches with w, at once, and takes it back when the server refuses", async () => {
  serve();
  let isRefused = false;
  server.use(http.post(`${ROOT}/watches/`, () => (isRefused ? HttpResponse.json({ title: "Refused", detail: "Full." }, { status: 409 }) : HttpResponse.json({ id: "w1" }, { status: 201 }))));
  const { user } = renderApp("/opportunities");
  const star = await screen.findByRole("button", { name: "Watch First box" });
  await waitFor(() => expect(star).toBeEnabled());

  isRefused = true;
  await user.keyboard("jw");

  expect(await screen.findByText("The watchlist did not change: First box")).toBeInTheDocument();
  await waitFor(() => expect(star).toHaveAttribute("aria-pressed", "false"));
});

it("opens the execute dialog with e and says why it does not", async () => {
  serve([makeOpportunity({ name: "Doubtful box", needs_review: true })]);
  const { user } = renderApp("/opportunities");
  await screen.findByText("Doubtful box");

  await user.keyboard("je");

  expect(await screen.findByText("A person must review it first")).toBeInTheDocument();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

it("goes to the search field with /", async () => {
  serve();
  const { user } = renderApp("/opportunities");
  await screen.findByText("First box");

  await user.keyboard("/");

  await waitFor(() => expect(screen.getByLabelText("Product or set")).toHaveFocus());
});

it("asks for fresh prices by a moment that stands still for a while", async () => {
  const asked = serve();
  const anHourBefore = (moment: number) => Math.floor((moment - 3_600_000) / 300_000) * 300_000;
  const started = Date.now();

  renderApp("/opportunities?fresh=1h");
  await screen.findByText("First box");

  const since = Date.parse(asked[0]?.get("oldest_price_after") ?? "");
  expect(since).toBeGreaterThanOrEqual(anHourBefore(started));
  expect(since).toBeLessThanOrEqual(anHourBefore(Date.now()));
  expect(since % 300_000).toBe(0);
});

it("downloads exactly the view, without its page", async () => {
  serve();
  renderApp("/opportunities?risk_level=low,medium&margin_min=10&ordering=-net_profit&page=2&columns=margin");

  const link = await screen.findByRole("link", { name: "CSV" });

  expect(link).toHaveAttribute("href", "/api/v1/opportunities/export/?ordering=-net_profit&risk_level=low,medium&margin_min=10");
});

it("draws the course of prices where one buys", async () => {
  serve([first]);
  server.use(
    http.get(`${ROOT}/products/sparklines/`, ({ request }) => {
      expect(new URL(request.url).searchParams.get("ids")).toBe(first.sealed_product.id);
      const points = ["100.00", "90.00"].map((price, index) => ({ day: `2026-11-0${index + 1}`, price }));
      return HttpResponse.json({ results: [{ product: first.sealed_product.id, source: "cardmarket", currency: "EUR", points }] });
    }),
  );

  renderApp("/opportunities");

  expect(await screen.findByRole("img", { name: /Price down 10\.0/ })).toBeInTheDocument();
});

it("keeps values still while the pointer is over the list, and counts what is new since", async () => {
  serve([first]);
  const { user, queries } = renderApp("/opportunities");
  await user.hover(await screen.findByText("First box"));

  serve([{ ...first, net_profit: "99.00", updated_at: "2026-11-21T09:00:00Z" }, second]);
  await queries.refetchQueries({ queryKey: ["opportunities", "list"] });

  expect(await screen.findByRole("button", { name: /1 new since \d\d:\d\d/ })).toBeInTheDocument();
  expect(screen.getByText("+€55.00")).toBeInTheDocument();

  await user.hover(screen.getByRole("heading", { name: "Opportunities" }));
  expect(await screen.findByText("+€99.00")).toBeInTheDocument();
  expect(screen.queryByText("Second box")).not.toBeInTheDocument();
});
