import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, it } from "vitest";

import { makeDetail } from "@/testing/factories";
import { problem, tina } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";
const SHOWN = {
  sealed_price: "189.00", total_cost: "189.00", singles_value: "240.10", net_profit: "51.10", margin_percentage: "27.03",
  confidence_score: "0.84", probability_of_profit: "0.7100", oldest_price_at: "2026-11-21T03:00:00Z", available_quantity: 3,
};

interface Sent {
  key: string | null;
  body: Record<string, unknown>;
}

function answerCheck(fresh: object | null, extra: object = {}) {
  server.use(
    http.post(`${ROOT}/opportunities/:id/revalidate/`, () =>
      HttpResponse.json({ quote_version: "4", status: "moved", reasons: [], shown: SHOWN, fresh, checked_at: "2026-11-21T04:00:00Z", ...extra }),
    ),
  );
}

function answerExecute(respond: (sent: Sent, count: number) => Response): Sent[] {
  const sent: Sent[] = [];
  server.use(
    http.post(`${ROOT}/opportunities/:id/execute/`, async ({ request }) => {
      const one = { key: request.headers.get("Idempotency-Key"), body: (await request.json()) as Record<string, unknown> };
      sent.push(one);
      return respond(one, sent.length);
    }),
  );
  return sent;
}

const bought = () => HttpResponse.json({ execution: { id: "exec-1", quantity: 2 } }, { status: 201 });

async function open() {
  const app = renderApp("/opportunities/some-id");
  await app.user.click(await screen.findByRole("button", { name: "Execute" }));
  const dialog = within(await screen.findByRole("dialog", { name: /Execute Neon Dynasty/ }));
  await dialog.findByRole("table");
  return { ...app, dialog };
}

beforeEach(() => {
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(tina)),
    http.get(`${ROOT}/opportunities/:id/`, ({ params }) => HttpResponse.json(makeDetail({ id: String(params["id"]) }))),
  );
});

it("shows what was seen beside what is now, and buys once however often it is pressed", async () => {
  answerCheck({ ...SHOWN, total_cost: "191.50", net_profit: "48.60", margin_percentage: "25.37" });
  const sent = answerExecute(bought);
  const { user, dialog } = await open();

  const buy = within(dialog.getByRole("row", { name: /Buy, all in/ }));
  expect(buy.getByText("€189.00")).toBeInTheDocument();
  expect(buy.getByText("€191.50")).toBeInTheDocument();
  expect(buy.getByText(/\+1\.3/)).toHaveTextContent("worse");
  const confirm = dialog.getByRole("button", { name: "Confirm paper execution" });
  expect(confirm).toBeDisabled();

  await user.clear(dialog.getByLabelText("Quantity"));
  await user.type(dialog.getByLabelText("Quantity"), "2");
  await user.type(dialog.getByLabelText("Net margin at least, %"), "20");
  await user.click(dialog.getByRole("checkbox"));
  expect(dialog.getByText("€383.00")).toBeInTheDocument();
  act(() => {
    confirm.click(); // both before React draws the first one's effect, as a quick hand does
    confirm.click();
  });

  expect(await screen.findByText(/Bought 2 × Neon Dynasty/)).toBeInTheDocument();
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toEqual({ quantity: 2, quote_version: "4", min_margin_percentage: "20", accept_disclaimer: true });
  expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/);
  expect(screen.getByRole("link", { name: "See the execution" })).toHaveAttribute("href", "/app/executions/exec-1");
});

it.each([
  ["the cost rose past the limit", { total_cost: "194.00", net_profit: "46.10" }, "Buy, all in is €194.00, which is not up at most 2 %."],
  ["the profit fell past the limit", { net_profit: "40.00" }, "Net profit is +€40.00, which is not down at most 20 %."],
  ["too few are offered", { available_quantity: 0 }, "Only 0 on offer."],
])("is blocked when %s", async (_what, moved, reason) => {
  answerCheck({ ...SHOWN, ...moved });
  const { user, dialog } = await open();

  await user.click(dialog.getByRole("checkbox"));

  expect(dialog.getByRole("alert")).toHaveTextContent(reason);
  expect(dialog.getByRole("button", { name: "Confirm paper execution" })).toBeDisabled();
});

it("is blocked when nothing is left of it", async () => {
  answerCheck(null, { status: "gone", reasons: [{ code: "refused:stale", detail: "The price of the sealed product is too old" }] });
  const { dialog } = await open();

  expect(dialog.getByRole("alert")).toHaveTextContent("The price of the sealed product is too old");
});

it("shows the server's refusal with the fresh figures, and tries again under the same key", async () => {
  answerCheck(SHOWN);
  const fresh = { ...SHOWN, total_cost: "210.00", net_profit: "30.10" };
  const sent = answerExecute((_sent, count) =>
    count === 1
      ? problem(409, { code: "figures_moved", detail: "The figures moved past the limit.", details: { shown: SHOWN, fresh, reasons: [{ code: "cost_changed", detail: "The cost rose by 11.1 %" }] } })
      : bought(),
  );
  const { user, dialog } = await open();
  await user.click(dialog.getByRole("checkbox"));
  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));

  expect(await dialog.findByText("The figures moved past the limit.")).toBeInTheDocument();
  expect(dialog.getByText("The cost rose by 11.1 %")).toBeInTheDocument();
  expect(within(dialog.getByRole("row", { name: /Buy, all in/ })).getByText("€210.00")).toBeInTheDocument();
  expect(dialog.getByRole("button", { name: "Confirm paper execution" })).toBeDisabled();

  await user.click(dialog.getByRole("button", { name: /Check again/ }));
  await waitFor(() => expect(dialog.getByRole("button", { name: "Confirm paper execution" })).toBeEnabled());
  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));
  await screen.findByText(/Bought 2/);
  expect(sent[1]?.key).toBe(sent[0]?.key);
});

it("makes another key for another opening of the dialog", async () => {
  answerCheck(SHOWN);
  const sent = answerExecute(() => problem(503));
  const { user, dialog } = await open();
  await user.click(dialog.getByRole("checkbox"));
  await user.click(dialog.getByRole("button", { name: "Confirm paper execution" }));
  expect(await dialog.findByText(/Confirming again is safe/)).toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));

  await user.click(await screen.findByRole("button", { name: "Execute" }));
  const second = within(await screen.findByRole("dialog"));
  await second.findByRole("table");
  await user.click(second.getByRole("checkbox"));
  await user.click(second.getByRole("button", { name: "Confirm paper execution" }));

  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.key).not.toBe(sent[0]?.key);
});

it("is not offered to an analyst, nor for what a person must review", async () => {
  server.use(http.get(`${ROOT}/opportunities/:id/`, () => HttpResponse.json(makeDetail({ needs_review: true }))));

  renderApp("/opportunities/some-id");

  expect(await screen.findByRole("button", { name: "Execute" })).toBeDisabled();
  expect(screen.getByRole("button", { name: "Execute" })).toHaveAttribute("title", "A person must review it first");
});
