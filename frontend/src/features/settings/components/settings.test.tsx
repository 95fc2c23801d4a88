import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { alice, bob, page, problem } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

import { nameOfAgent } from "./security-panel";

const ROOT = "http://localhost/api/v1";
const key = { id: "k1", name: "Nightly export", prefix: "58civsen", scopes: ["read"], created_at: "2026-11-21T03:00:00Z", expires_at: null, last_used_at: null, revoked_at: null };

function logIn(user = alice) {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(user)));
}

it("asks visitors to log in and brings them back", async () => {
  renderApp("/settings?tab=keys");

  expect(await screen.findByRole("heading", { name: "Settings" })).toBeInTheDocument();
  const main = within(screen.getByRole("main"));
  expect(main.getByRole("link", { name: "Log in" })).toHaveAttribute("href", expect.stringContaining("/app/login"));
});

it("shows a new key once and sends what was chosen", async () => {
  logIn();
  const sent: unknown[] = [];
  server.use(
    http.get(`${ROOT}/api-keys/`, () => HttpResponse.json(page([]))),
    http.post(`${ROOT}/api-keys/`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...key, key: "arb_58civsen_secret" }, { status: 201 });
    }),
  );
  const { user } = renderApp("/settings?tab=keys");

  await user.click(await screen.findByRole("button", { name: "New key" }));
  await user.type(await screen.findByLabelText("Name"), "Nightly export");
  await user.click(screen.getByRole("checkbox", { name: /^Write and trade/ }));
  expect(screen.queryByRole("checkbox", { name: /^Operate/ })).not.toBeInTheDocument();
  await user.selectOptions(screen.getByLabelText("Expires"), "Never");
  await user.click(screen.getByRole("button", { name: "Make the key" }));

  expect(await screen.findByText("arb_58civsen_secret")).toBeInTheDocument();
  expect(sent).toEqual([{ name: "Nightly export", scopes: ["read", "trade"], expires_in_days: null }]);
  await user.click(screen.getByRole("button", { name: "I have kept it" }));
  await waitFor(() => expect(screen.queryByText("arb_58civsen_secret")).not.toBeInTheDocument());
});

it("offers operators the scope to operate", async () => {
  logIn(bob);
  server.use(http.get(`${ROOT}/api-keys/`, () => HttpResponse.json(page([]))));
  const { user } = renderApp("/settings?tab=keys");

  await user.click(await screen.findByRole("button", { name: "New key" }));

  expect(await screen.findByRole("checkbox", { name: /^Operate/ })).toBeInTheDocument();
});

it("revokes a key only after asking", async () => {
  logIn();
  const revoked: string[] = [];
  server.use(
    http.get(`${ROOT}/api-keys/`, () => HttpResponse.json(page([key]))),
    http.delete(`${ROOT}/api-keys/:id/`, ({ params }) => {
      revoked.push(String(params["id"]));
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = renderApp("/settings?tab=keys");

  await user.click(await screen.findByRole("button", { name: "Revoke Nightly export" }));
  expect(revoked).toEqual([]);
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Revoke" }));

  await screen.findByText("The key is revoked");
  expect(revoked).toEqual(["k1"]);
});

it("turns percentages into shares and keeps what was entered when refused", async () => {
  logIn({ ...alice, user: { ...alice.user, fee_profile: { fee_rate: "0.13" } } });
  const sent: unknown[] = [];
  server.use(
    http.patch(`${ROOT}/session/`, async ({ request }) => {
      sent.push(await request.json());
      return problem(400, { errors: [{ pointer: "/fee_profile/shipping", detail: "Too much." }], detail: "Not taken." });
    }),
  );
  const { user } = renderApp("/settings?tab=fees");

  const fee = await screen.findByLabelText("Selling fee, %");
  expect(fee).toHaveValue("13");
  await user.clear(fee);
  await user.type(fee, "5.25");
  await user.type(screen.getByLabelText("Sell-through, %"), "101");
  expect(screen.getByText("A percentage is at most 100.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  await user.clear(screen.getByLabelText("Sell-through, %"));
  await user.click(screen.getByRole("button", { name: "Save" }));

  await screen.findByText("Not saved");
  expect(sent).toEqual([{ fee_profile: { fee_rate: "0.0525" } }]);
  expect(fee).toHaveValue("5.25");
});

it("refuses a time zone that does not exist before the server does", async () => {
  logIn();
  const { user } = renderApp("/settings");

  const zone = await screen.findByRole("combobox", { name: "Time zone" });
  await user.clear(zone);
  await user.type(zone, "Europe/Nowhere");

  expect(screen.getByText(/There is no such time zone/)).toBeInTheDocument();
});

it("shows why a password is refused, and never compares for the server", async () => {
  logIn();
  server.use(
    http.get(`${ROOT}/auth/logins/`, () => HttpResponse.json(page([]))),
    http.post(`${ROOT}/auth/password/`, () => problem(400, { errors: [{ pointer: "/current", detail: "That is not your password." }] })),
  );
  const { user } = renderApp("/settings?tab=security");

  await user.type(await screen.findByLabelText("Current password"), "wrong");
  await user.type(screen.getByLabelText("New password"), "four unrelated words");
  await user.type(screen.getByLabelText("New password again"), "four unrelated word");
  expect(screen.getByText("The two differ.")).toBeInTheDocument();
  await user.type(screen.getByLabelText("New password again"), "s");
  await user.click(screen.getByRole("button", { name: "Change the password" }));

  expect(await screen.findByText("That is not your password.")).toBeInTheDocument();
});

it.each([
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36", "Chrome on Linux"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605 Version/20.0 Safari/604.1", "Safari on iOS"],
  ["python-requests/2.32", "python-requests/2.32"],
  ["", "Unknown program"],
])("calls %s %s", (agent, name) => {
  expect(nameOfAgent(agent)).toBe(name);
});
