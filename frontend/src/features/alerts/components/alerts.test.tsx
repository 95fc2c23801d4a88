import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";
import { alice, page, problem } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

import { conditionProblem, sentenceOf, withOperator } from "../hooks/rule-draft";
import type { RuleField } from "../api/rules";

const ROOT = "http://localhost/api/v1";
const FIELDS: RuleField[] = [
  { field: "margin_percentage", label: "Margin after all costs", type: "number", operators: ["gte", "lte"], unit: "%", choices: null },
  { field: "risk_level", label: "Risk", type: "choice", operators: ["eq", "in"], unit: "", choices: [{ value: "low", label: "Low" }, { value: "high", label: "High" }] },
];
const rule = {
  id: "r1", name: "Worth it", scope: "all", conditions: [{ field: "margin_percentage", operator: "gte", value: "30" }], channels: [], cooldown_minutes: 240,
  quiet_from: null, quiet_until: null, is_enabled: true, snoozed_until: null, last_fired_at: null, fired_count: 0,
};
const channel = { id: "c1", name: "Team chat", url_hint: "https://hooks.example.org", is_muted: false, state: "untested", last_error: "", last_delivered_at: null };

beforeEach(() => {
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)),
    http.get(`${ROOT}/alert-rules/fields/`, () => HttpResponse.json(FIELDS)),
    http.get(`${ROOT}/alert-rules/`, () => HttpResponse.json(page([rule]))),
    http.get(`${ROOT}/alert-channels/`, () => HttpResponse.json(page([channel]))),
  );
});

it("builds a rule from the fields the server offers", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(`${ROOT}/alert-rules/`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(rule, { status: 201 });
    }),
  );
  const { user } = renderApp("/alerts");

  await screen.findByText(/^Margin after all costs/);
  await user.click(screen.getByRole("button", { name: "New rule" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New alert rule" }));
  await user.click(dialog.getByRole("button", { name: "Save the rule" }));
  expect(dialog.getByText("Give it a name.")).toBeInTheDocument();

  await user.type(dialog.getByLabelText("Name"), "Low risk");
  await user.click(dialog.getByRole("button", { name: "Add a condition" }));
  await user.selectOptions(dialog.getByLabelText("Condition 2: what"), "Risk");
  await user.selectOptions(dialog.getByLabelText("Condition 2: comparison"), "is one of");
  await user.click(dialog.getByRole("button", { name: "Save the rule" }));
  expect(dialog.getByText("Choose at least one.")).toBeInTheDocument();
  expect(sent).toEqual([]);

  await user.click(dialog.getByRole("checkbox", { name: "Low" }));
  await user.click(dialog.getByRole("checkbox", { name: "Team chat" }));
  await user.click(dialog.getByRole("checkbox", { name: /Quiet hours/ }));
  await user.click(dialog.getByRole("button", { name: "Save the rule" }));

  await screen.findByText("The rule is saved");
  expect(sent).toEqual([{
    name: "Low risk", scope: "all", channels: ["c1"], cooldown_minutes: 240, quiet_from: "22:00", quiet_until: "07:00",
    conditions: [{ field: "margin_percentage", operator: "gte", value: "30" }, { field: "risk_level", operator: "in", value: ["low"] }],
  }]);
});

it("shows the server's complaint at the condition it is about", async () => {
  server.use(http.patch(`${ROOT}/alert-rules/r1/`, () => problem(400, { errors: [{ pointer: "/conditions/0/value", detail: "At most 100,000,000." }] })));
  const { user } = renderApp("/alerts");

  await user.click(await screen.findByRole("button", { name: "Change Worth it" }));
  await user.click(await screen.findByRole("button", { name: "Save the rule" }));

  expect(await screen.findByText("At most 100,000,000.")).toBeInTheDocument();
});

it("previews, switches and snoozes a rule", async () => {
  const calls: string[] = [];
  server.use(
    http.post(`${ROOT}/alert-rules/r1/preview/`, () => HttpResponse.json({ matching: 7, examples: [makeOpportunity({ name: "Found Box" })] })),
    http.patch(`${ROOT}/alert-rules/r1/`, async ({ request }) => {
      calls.push(JSON.stringify(await request.json()));
      return HttpResponse.json(rule);
    }),
    http.post(`${ROOT}/alert-rules/r1/snooze/`, async ({ request }) => {
      calls.push(JSON.stringify(await request.json()));
      return HttpResponse.json(rule);
    }),
  );
  const { user } = renderApp("/alerts");

  expect(await screen.findByText("Margin after all costs at least 30 %")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Preview" }));
  expect(await screen.findByText("7 opportunities match now")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Found Box" })).toBeInTheDocument();
  await user.click(screen.getByRole("switch", { name: "Switch off: Worth it" }));
  await user.selectOptions(screen.getByLabelText("Snooze Worth it"), "8 hours");

  await waitFor(() => expect(calls).toEqual(['{"is_enabled":false}', '{"minutes":480}']));
});

it("tells what came of a test message", async () => {
  server.use(http.post(`${ROOT}/alert-channels/c1/test/`, () => HttpResponse.json({ delivered: false, error: "The channel answered with status 404." })));
  const { user } = renderApp("/alerts?tab=channels");

  await user.click(await screen.findByRole("button", { name: "Test Team chat" }));

  expect(await screen.findByText("The channel answered with status 404.")).toBeInTheDocument();
});

it("keeps a note beside a watched product and takes it off the list at once", async () => {
  const sent: unknown[] = [];
  const product = makeOpportunity({ name: "Watched Box" }).sealed_product;
  const watch = { id: "w1", product, note: "", created_at: "2026-11-21T03:00:00Z", opportunity: null };
  let rows = [watch];
  server.use(
    http.get(`${ROOT}/watches/`, () => HttpResponse.json(page(rows))),
    http.patch(`${ROOT}/watches/w1/`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(watch);
    }),
    http.delete(`${ROOT}/watches/w1/`, () => {
      rows = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = renderApp("/watchlist");

  await user.type(await screen.findByLabelText("Note on Watched Box"), "Buy below 8{Enter}");
  await waitFor(() => expect(sent).toEqual([{ note: "Buy below 8" }]));
  await user.click(screen.getByRole("button", { name: "Stop watching Watched Box" }));

  expect(await screen.findByText("Nothing is watched")).toBeInTheDocument();
});

it("says conditions as sentences and keeps values that still fit", () => {
  expect(sentenceOf({ field: "risk_level", operator: "in", value: ["low", "high"] }, FIELDS)).toBe("Risk is one of Low, High");
  expect(withOperator({ field: "risk_level", operator: "in", value: ["low", "high"] }, "eq").value).toBe("low");
  expect(withOperator({ field: "risk_level", operator: "eq", value: "low" }, "in").value).toEqual(["low"]);
  expect(conditionProblem({ field: "margin_percentage", operator: "gte", value: "a lot" }, FIELDS[0])).toMatch(/number/);
});
