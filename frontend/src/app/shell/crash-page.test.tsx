import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it, vi } from "vitest";

import { makeExplanation } from "@/testing/factories";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

it("keeps the frame usable when a page fails to draw", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = { ...makeExplanation(), waterfall: "no list" };
  server.use(http.get("http://localhost/api/v1/opportunities/:id/explain/", () => HttpResponse.json(broken)));

  renderApp("/opportunities/some-id");

  expect(await screen.findByRole("heading", { name: "This page failed" })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
  expect(screen.getAllByRole("link", { name: "Opportunities" }).length).toBeGreaterThan(0);
});
