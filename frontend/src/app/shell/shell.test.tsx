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
