import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";

import { makeDetail } from "@/testing/factories";
import { alice, page, problem, tina } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";
const ASSUMPTIONS = {
  quantity: 1, sealed_price: "90.00", shipping_cost: "5.00", fixed_cost: "0.00", fee_rate: "0.0501", floor: "1.00", sell_through: "1",
  bulk_discount: "0", tax_rate: "0", changed: [] as string[],
};
const RESULT = {
  quantity: 1, currency: "EUR", total_cost: "95.00", gross_value: "180.00", net_value: "150.00", net_profit: "40.00", margin_percentage: "42.10",
  probability_of_profit: "0.7000", standard_deviation: "40.00", percentiles: { "5": "80.00", "25": "100.00", "50": "140.00", "75": "180.00", "95": "240.00" },
  points: [{ value: "100.00", probability: "1.000000" }], lines_counted: 12, simulation: null,
};

function serve(): Record<string, unknown>[] {
  const asked: Record<string, unknown>[] = [];
  server.use(
    http.post(`${ROOT}/opportunities/:id/simulate/`, async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      asked.push(body);
      if (body["save_as"] === "taken") return problem(409, { detail: "There is a scenario of that name." });
      const scenario = body["save_as"] ? { id: "s9", name: body["save_as"] } : null;
      return HttpResponse.json({ scenario, assumptions: { ...ASSUMPTIONS, changed: Object.keys(body) }, result: RESULT, delta: { net_profit: "-15.00", margin_percentage: "-15.79", probability_of_profit: "0.0200" } });
    }),
  );
  return asked;
}

beforeEach(() => {
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)),
    http.get(`${ROOT}/opportunities/:id/`, ({ params }) => HttpResponse.json(makeDetail({ id: String(params["id"]) }))),
  );
});

it("asks once after the last key for what was changed, shares as fractions, and shows the difference to the server", async () => {
  const asked = serve();
  const { user } = renderApp("/opportunities/some-id?tab=calculator");
  const fees = await screen.findByLabelText("Selling fees, %");
  await waitFor(() => expect(fees).toHaveAttribute("placeholder", "5.01"));

  await user.type(fees, "12,5");
  await user.type(screen.getByLabelText("Quantity"), "3");

  await waitFor(() => expect(asked.at(-1)).toEqual({ fee_rate: "0.125", quantity: 3 }));
  expect(asked).toHaveLength(2);
  const result = within(screen.getByRole("region", { name: "Result" }));
  expect(await result.findByText(/−€15\.00/)).toHaveTextContent("less than the server states");
  expect(result.getByText(/\+2\.0 pts/)).toHaveTextContent("more than the server states");
});

it("says what is wrong with an entry and asks nothing", async () => {
  const asked = serve();
  const { user } = renderApp("/opportunities/some-id?tab=calculator");
  await waitFor(() => expect(asked).toHaveLength(1));

  await user.type(await screen.findByLabelText("Sell-through, %"), "120");

  expect(screen.getByText("0 to 100")).toBeInTheDocument();
  expect(screen.getByLabelText("Sell-through, %")).toHaveAttribute("aria-invalid", "true");
  await user.type(screen.getByLabelText("Name of the scenario"), "x");
  expect(screen.getByRole("button", { name: "Save scenario" })).toBeDisabled();
  expect(asked).toHaveLength(1);
});

it("begins with the user's own costs", async () => {
  const asked = serve();
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json({ ...tina, user: { ...tina.user, fee_profile: { fee_rate: "0.07", shipping: "2.50" } } })));

  renderApp("/opportunities/some-id?tab=calculator");

  await waitFor(() => expect(asked[0]).toEqual({ fee_rate: "0.07", shipping_cost: "2.50" }));
  expect(await screen.findByLabelText("Selling fees, %")).toHaveValue("7");
});

it("keeps a scenario, loads another, and says why one was not kept", async () => {
  const asked = serve();
  const kept = { id: "s1", name: "Slow sale", opportunity: "some-id", assumptions: { ...ASSUMPTIONS, sell_through: "0.6", changed: ["sell_through"] }, result: RESULT, created_at: "2026-11-20T00:00:00Z" };
  server.use(http.get(`${ROOT}/scenarios/`, () => HttpResponse.json(page([kept]))));
  const { user } = renderApp("/opportunities/some-id?tab=calculator");

  await user.click(await screen.findByRole("button", { name: "Load Slow sale" }));
  expect(screen.getByLabelText("Sell-through, %")).toHaveValue("60");
  expect(screen.getByLabelText("Price, each")).toHaveValue("");

  await user.type(screen.getByLabelText("Name of the scenario"), "taken{Enter}");
  expect(await screen.findByText("There is a scenario of that name.")).toBeInTheDocument();
  await user.clear(screen.getByLabelText("Name of the scenario"));
  await user.type(screen.getByLabelText("Name of the scenario"), "mine{Enter}");
  expect(await screen.findByText("Scenario “mine” kept")).toBeInTheDocument();
  expect(asked.at(-1)).toEqual({ sell_through: "0.6", save_as: "mine" });
});
