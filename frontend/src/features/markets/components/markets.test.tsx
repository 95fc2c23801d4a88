import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { makeCoverage, makeHost, makeJob, makeRoute, makeSource } from "@/testing/factories";
import { bob, page, problem } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";

function logIn() {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(bob)));
}

it("shows how fresh prices are, what came in, and who fails", async () => {
  const failing = makeSource({ code: "ebay", name: "eBay", routes: [makeRoute({ last_failure_at: "2026-11-21T04:00:00Z", last_error: "No answer within 20 s." })] });
  server.use(
    http.get(`${ROOT}/sources/`, () => HttpResponse.json(page([makeSource(), failing]))),
    http.get(`${ROOT}/coverage/`, () => HttpResponse.json(makeCoverage({ fresh: 1500, tracked: 2000, share: "0.7500" }))),
  );

  renderApp("/markets");

  expect(await screen.findByText("2,408")).toBeInTheDocument();
  expect(await screen.findByRole("meter", { name: "Products priced within 4 hours" })).toHaveAttribute("aria-valuetext", "1500 of 2000");
  const failed = within(screen.getByRole("heading", { name: "Sources failing" }).parentElement ?? document.body);
  expect(failed.getByText("eBay")).toBeInTheDocument();
  expect(screen.getByText("No answer within 20 s.")).toBeInTheDocument();
});

it("lists each source's routes in order with state, hosts and terms", async () => {
  const routes = [
    makeRoute({ hosts: [makeHost({ breaker: "open", opened_until: new Date(Date.now() + 245_000).toISOString(), failures: 5, last_failure: "rate_limited" })] }),
    makeRoute({ code: "api", route: "api", is_ready: false, not_ready_code: "credentials_missing", not_ready_reason: "It needs TCGPLAYER_PUBLIC_KEY.", last_success_at: null }),
    makeRoute({ code: "site", route: "page", is_opt_in: true, robots_policy: "obey", is_ready: false, not_ready_code: "not_acknowledged", not_ready_reason: "Off until acknowledged.", reviewed_on: null, review_due_on: null }),
  ];
  server.use(http.get(`${ROOT}/sources/`, () => HttpResponse.json(page([makeSource({ routes })]))));

  renderApp("/markets");

  const table = within(await screen.findByRole("table", { name: "Sources and their routes" }));
  const rows = table.getAllByRole("row").slice(2);
  expect(rows.map((row) => within(row).getByText(/^(Bulk feed|API|Page)$/).textContent)).toEqual(["Bulk feed", "API", "Page"]);
  expect(rows.map((row) => within(row).getByText(/^(Live|Waiting|Failing|Needs review|Off)$/).textContent)).toEqual(["Failing", "Waiting", "Off"]);
  expect(rows[0]).toHaveTextContent(/left alone for 4:0\d/);
  expect(rows[0]).toHaveTextContent("5 failures: rate limited");
  expect(rows[1]).toHaveTextContent("It needs TCGPLAYER_PUBLIC_KEY.");
  expect(rows[2]).toHaveTextContent("Terms not reviewed");
  expect(rows[2]).toHaveTextContent("Obeys robots.txt");
  expect(screen.queryByRole("button", { name: /Sync/ })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Reset/ })).not.toBeInTheDocument();
});

it("lets an operator fetch a source and follows the run to its end", async () => {
  logIn();
  const keys: (string | null)[] = [];
  const job = makeJob({ label: "Load market data: TCGplayer", state: "running", progress_done: 3, progress_total: 12 });
  let polls = 0;
  server.use(
    http.post(`${ROOT}/sources/:code/sync/`, ({ request, params }) => {
      expect(params["code"]).toBe("tcgplayer");
      keys.push(request.headers.get("Idempotency-Key"));
      return HttpResponse.json({ job }, { status: 202 });
    }),
    http.get(`${ROOT}/jobs/:id/`, () => {
      polls += 1;
      return HttpResponse.json(polls < 2 ? job : { ...job, state: "partly", error_count: 1, errors: [{ code: "blocked", detail: "A challenge page.", subject: "", count: 1 }] });
    }),
  );
  const { user } = renderApp("/markets");

  await user.click(await screen.findByRole("button", { name: "Sync now: TCGplayer" }));

  expect(await screen.findByText("3 of 12")).toBeInTheDocument();
  expect(screen.getByRole("progressbar", { name: "Progress: TCGplayer" })).toHaveAttribute("aria-valuenow", "25");
  const messages = within(screen.getByRole("status", { name: "Messages" }));
  expect(await messages.findByText(/Load market data: TCGplayer: done with errors/)).toBeInTheDocument();
  expect(messages.getByText(/1 error · A challenge page/)).toBeInTheDocument();
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  await waitFor(() => expect(screen.getByRole("button", { name: "Sync now: TCGplayer" })).toBeEnabled());
});

it("says why a run could not start", async () => {
  logIn();
  server.use(http.post(`${ROOT}/sync/`, () => problem(409, { detail: "The demo market is present." })));
  const { user } = renderApp("/markets");

  await user.click(await screen.findByRole("button", { name: "Sync all: All sources" }));

  const messages = within(screen.getByRole("status", { name: "Messages" }));
  expect(await messages.findByText("The demo market is present.")).toBeInTheDocument();
  await user.click(messages.getByRole("button", { name: /^Close/ }));
  expect(messages.queryByText("The demo market is present.")).not.toBeInTheDocument();
});

it("resets a host that is left alone", async () => {
  logIn();
  const route = makeRoute({ hosts: [makeHost({ breaker: "open", failures: 5 })] });
  const asked: unknown[] = [];
  server.use(
    http.get(`${ROOT}/sources/`, () => HttpResponse.json(page([makeSource({ routes: [route] })]))),
    http.post(`${ROOT}/breakers/reset/`, async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(makeHost());
    }),
  );
  const { user } = renderApp("/markets");

  await user.click(await screen.findByRole("button", { name: "Reset tcgcsv.com" }));

  expect(await screen.findByText(/tcgcsv.com is asked again/)).toBeInTheDocument();
  expect(asked).toEqual([{ key: "tcgcsv.com" }]);
});

it("does not offer a run of a source without a feed", async () => {
  logIn();
  server.use(http.get(`${ROOT}/sources/`, () => HttpResponse.json(page([makeSource({ routes: [makeRoute({ route: "page" })] })]))));

  renderApp("/markets");

  expect(await screen.findByText("asked product by product")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Sync now/ })).not.toBeInTheDocument();
});

it("offers no run of a source whose feeds all wait or are off", async () => {
  logIn();
  const routes = [makeRoute({ is_ready: false, not_ready_code: "switched_off" })];
  server.use(http.get(`${ROOT}/sources/`, () => HttpResponse.json(page([makeSource({ routes })]))));

  renderApp("/markets");

  expect(await screen.findByRole("button", { name: "Sync all: All sources" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Sync now/ })).not.toBeInTheDocument();
});

it("has its own words for nothing, failure and stale figures", async () => {
  server.use(http.get(`${ROOT}/sources/`, () => problem(503, { title: "The database is away" })));
  const { user, queries } = renderApp("/markets");
  expect(await screen.findByText("The database is away")).toBeInTheDocument();

  server.use(http.get(`${ROOT}/sources/`, () => HttpResponse.json(page([]))));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No source is registered")).toBeInTheDocument();

  server.use(http.get(`${ROOT}/sources/`, () => HttpResponse.error()));
  await queries.refetchQueries({ queryKey: ["markets", "sources"] });
  expect(await screen.findByText(/Could not refresh/)).toBeInTheDocument();
});

it("credits the sources under pages with prices, and claims nothing for invented ones", async () => {
  const { history } = renderApp("/");
  expect(await screen.findByRole("contentinfo", { name: "Sources of the prices" })).toHaveTextContent("TCGplayer prices by way of tcgcsv.com");
  expect(await screen.findByRole("link", { name: /Market data/ })).toHaveAttribute("href", "/app/markets");
  expect(history.location.pathname).toBe("/app/");
});

it("says in a demo that the prices are simulated", async () => {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json({ ...bob, is_demo: true })));
  renderApp("/");

  expect(await screen.findByText(/prices from simulated venues$/)).toBeInTheDocument();
  const credits = await screen.findByLabelText("Sources of the prices");
  expect(credits).toHaveTextContent("Demo market");
  expect(credits).not.toHaveTextContent("tcgcsv");
});
