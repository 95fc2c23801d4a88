import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";
import { alice, page } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

import { orderOf } from "./backtest-form";

const ROOT = "http://localhost/api/v1";
const backtest = {
  id: "b1", state: "succeeded", job: null, requested_by: "alice", from_day: "2026-10-01", to_day: "2026-11-01", horizon_days: 7,
  parameters: { source: "cardmarket", fee_rate: "0.05" }, algorithm_version: "cards-2", signal_count: 12, error: "", created_at: "2026-11-20T03:00:00Z", finished_at: null,
};

beforeEach(() => server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(alice))));

it("compares realised profit with what was expected, group by group", async () => {
  const asked: string[] = [];
  const row = { key: "2026-11-16", label: "Week of 2026-11-16", currency: "EUR", executions: 4, settled: 3, expected_profit: "96.10", realised_profit: "-61.40", expected_of_settled: "70.00" };
  server.use(
    http.get(`${ROOT}/reports/profit/`, ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ rows: [row] });
    }),
  );
  const { user, search } = renderApp("/reports?to=2026-11-30");

  expect(await screen.findByRole("img", { name: "Realised profit in EUR. 16 Nov: −€61.40, expected +€70.00." })).toBeInTheDocument();
  expect(within(screen.getByRole("table", { name: "Profit by week" })).getByText("−€61.40")).toBeInTheDocument();
  expect(asked[0]).toBe("?group=week&to=2026-12-01");

  await user.click(screen.getByRole("button", { name: "Game" }));
  await waitFor(() => expect(search()).toEqual({ group: "category", to: "2026-11-30" }));
});

it("starts a back-test on the stated terms and opens it", async () => {
  const sent: unknown[] = [];
  server.use(
    http.get(`${ROOT}/backtests/`, () => HttpResponse.json(page([backtest]))),
    http.get(`${ROOT}/backtests/b2/`, () => HttpResponse.json({ ...backtest, id: "b2", state: "running", progress_done: 3, progress_total: 31, summary: null })),
    http.post(`${ROOT}/backtests/`, async ({ request }) => {
      sent.push([await request.json(), request.headers.get("Idempotency-Key")?.length]);
      return HttpResponse.json({ job: {}, backtest: { ...backtest, id: "b2" } }, { status: 202 });
    }),
  );
  const { user, search } = renderApp("/reports?report=backtests");

  expect(await screen.findByText(/Cardmarket, fee 5/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "New back-test" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.clear(dialog.getByLabelText("Horizon, days"));
  await user.type(dialog.getByLabelText("Horizon, days"), "14");
  await user.selectOptions(dialog.getByLabelText("Game"), "Pokémon");
  await user.click(dialog.getByRole("button", { name: "Start" }));

  await waitFor(() => expect(search()).toEqual({ report: "backtests", backtest: "b2" }));
  expect(sent).toMatchObject([[{ horizon_days: 14, category: "pokemon" }, 32]]);
  expect(await screen.findByText(/3 of 31 days/)).toBeInTheDocument();
});

it("leaves unstated terms to the server", () => {
  const draft = { from_day: "2026-10-01", to_day: "2026-11-01", horizon_days: "7", source: "", category: "", floor: "", fee_percent: "12.5" };

  expect(orderOf(draft)).toEqual({ from_day: "2026-10-01", to_day: "2026-11-01", horizon_days: 7, fee_rate: "0.125" });
});

it("accepts a doubt only with a reason", async () => {
  const sent: unknown[] = [];
  const finding = {
    id: "f1", check_code: "odd_count", check: "An odd count", product: makeOpportunity({ name: "Odd Case" }).sealed_product, other_product: null,
    reason: "Said to hold 12; others hold 6.", details: { count: 12 }, state: "open", judged_reason: "", first_seen_at: "2026-11-20T03:00:00Z", last_seen_at: "2026-11-21T03:00:00Z",
  };
  server.use(
    http.get(`${ROOT}/contents-findings/`, () => HttpResponse.json(page([finding]))),
    http.post(`${ROOT}/contents-findings/f1/judge/`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...finding, state: "accepted" });
    }),
  );
  const { user } = renderApp("/reports?report=contents");

  await user.click(await screen.findByRole("button", { name: "Judge: Odd Case" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("button", { name: "Accept" })).toBeDisabled();
  await user.type(dialog.getByLabelText("Why"), "The case really holds twelve.");
  await user.click(dialog.getByRole("button", { name: "Accept" }));

  await screen.findByText("The judgement is recorded");
  expect(sent).toEqual([{ state: "accepted", reason: "The case really holds twelve." }]);
});
