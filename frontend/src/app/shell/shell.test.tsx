import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { alice, bob, problem } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";
const line = { id: "n1", kind: "opportunity", title: "Dragon Deck: +26.66 % after costs", body: "Rule “Worth it”", link: "/opportunities/some-id", tags: [], read_at: null, created_at: "2026-11-21T04:00:00Z" };

function logIn(user = alice) {
  server.use(http.get(`${ROOT}/session/`, () => HttpResponse.json(user)));
}

it("leaves out of the navigation what a role may not see, and tells who follows a link there", async () => {
  logIn();
  renderApp("/system");

  expect(await screen.findByRole("heading", { name: "Your role does not allow this" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Audit" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "System" })).not.toBeInTheDocument();
});

it("rings the bell, leads to the line's page and marks it as read", async () => {
  logIn();
  const read: unknown[] = [];
  server.use(
    http.get(`${ROOT}/notifications/`, () => HttpResponse.json({ next: null, previous: null, unread_count: read.length ? 0 : 1, results: [{ ...line, read_at: read.length ? "2026-11-21T05:00:00Z" : null }] })),
    http.post(`${ROOT}/notifications/read/`, async ({ request }) => {
      read.push(await request.json());
      return HttpResponse.json({ marked: 1, unread_count: 0 });
    }),
  );
  const { user, history } = renderApp("/help");

  await user.click(await screen.findByRole("button", { name: "Notifications: 1 unread" }));
  await user.click(await screen.findByRole("link", { name: /Dragon Deck/ }));

  await waitFor(() => expect(history.location.pathname).toBe("/app/opportunities/some-id"));
  expect(read).toEqual([{ ids: ["n1"] }]);
  expect(await screen.findByRole("button", { name: "Notifications" })).toBeInTheDocument();
});

it("says on every page that trading is halted, and why", async () => {
  logIn();
  const halt = { id: "k1", scope: "source", subject: "cardmarket", reason: "prices look wrong", engaged_by: "bob", engaged_at: "2026-11-21T04:00:00Z" };
  server.use(http.get(`${ROOT}/trading/status/`, () => HttpResponse.json({ mode: "paper", is_halted: true, switches: [halt], disclaimer: null })));
  renderApp("/help");

  expect(await screen.findByText("Executions on Cardmarket are halted: prices look wrong")).toBeInTheDocument();
});

it("sends somebody whose session has ended to the login, and says so", async () => {
  let isOver = false;
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(isOver ? { ...bob, user: null } : bob)),
    http.get(`${ROOT}/system/`, () => {
      isOver = true;
      return problem(401, { code: "not_authenticated" });
    }),
  );
  const { history } = renderApp("/system");

  await waitFor(() => expect(history.location.pathname).toBe("/app/login"));
  expect(await screen.findByText(/Your session has ended/)).toBeInTheDocument();
  expect(new URLSearchParams(history.location.search).get("next")).toBe("/app/system");
});

it("saves a changed theme with the account", async () => {
  const saved: unknown[] = [];
  const me = { ...alice, user: { ...alice.user, theme: "light" as const } };
  logIn(me);
  server.use(
    http.patch(`${ROOT}/session/`, async ({ request }) => {
      saved.push(await request.json());
      return HttpResponse.json({ ...me, user: { ...me.user, theme: "dark" } });
    }),
  );
  const { user } = renderApp("/help");

  await user.click(await screen.findByRole("button", { name: "Theme: light" }));
  await user.click(await screen.findByRole("menuitem", { name: "Dark" }));

  await waitFor(() => expect(saved).toEqual([{ theme: "dark" }]));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
});

it("lets a trader halt executions with a reason, and leaves the release to others", async () => {
  logIn({ ...alice, user: { ...alice.user, role: "trader" } });
  const sent: unknown[] = [];
  const engaged = { id: "k1", scope: "global", subject: "", reason: "odd prices", engaged_by: "alice", engaged_at: "2026-11-21T04:00:00Z", release_asked_by: null };
  server.use(
    http.get(`${ROOT}/trading/status/`, () => HttpResponse.json({ mode: "paper", is_halted: sent.length > 0, switches: sent.length > 0 ? [engaged] : [], disclaimer: { version: "1", text: "" } })),
    http.get(`${ROOT}/trading/limits/`, () => HttpResponse.json({ next: null, previous: null, count: 1, results: [{ id: "l1", scope: "global", subject: "", period: "open", currency: "EUR", amount: "1000.00", used: "950.00", is_active: true }] })),
    http.post(`${ROOT}/trading/kill-switches/`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(engaged, { status: 201 });
    }),
  );
  const { user } = renderApp("/help");

  await user.click(await screen.findByRole("button", { name: /^paper mode/ }));
  expect(await screen.findByRole("meter", { name: /Everything/ })).toHaveAttribute("aria-valuenow", "95");
  expect(screen.queryByRole("button", { name: /Change the limit/ })).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Halt executions" })).toBeDisabled();
  await user.type(screen.getByLabelText("Reason"), "odd prices");
  await user.click(screen.getByRole("button", { name: "Halt executions" }));

  expect(await screen.findByText("Everything is halted: odd prices")).toBeInTheDocument();
  expect(sent).toEqual([{ scope: "global", reason: "odd prices" }]);
  expect(screen.queryByRole("button", { name: "Ask for the release" })).not.toBeInTheDocument();
});

it("has a second person confirm a release", async () => {
  logIn(bob);
  const asked = { id: "k1", scope: "global", subject: "", reason: "odd prices", engaged_by: "carol", engaged_at: "2026-11-21T04:00:00Z", release_asked_by: "alice", release_asked_at: "2026-11-21T05:00:00Z" };
  const released: string[] = [];
  server.use(
    http.get(`${ROOT}/trading/status/`, () => HttpResponse.json({ mode: "paper", is_halted: released.length === 0, switches: released.length === 0 ? [asked] : [], disclaimer: { version: "1", text: "" } })),
    http.get(`${ROOT}/trading/limits/`, () => HttpResponse.json({ next: null, previous: null, count: 0, results: [] })),
    http.post(`${ROOT}/trading/kill-switches/:id/release/`, ({ params }) => {
      released.push(String(params["id"]));
      return HttpResponse.json(asked);
    }),
  );
  const { user } = renderApp("/help");

  await user.click(await screen.findByRole("button", { name: "Release and limits" }));
  await user.click(await screen.findByRole("button", { name: "Confirm the release" }));

  expect(await screen.findByText(/nothing is halted/)).toBeInTheDocument();
  expect(released).toEqual(["k1"]);
});
