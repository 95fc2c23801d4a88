import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import type { Job } from "@/api/types";
import { makeJob, makeProduct } from "@/testing/factories";
import { alice, bob, page, problem } from "@/testing/handlers";
import { renderApp } from "@/testing/render";
import { server } from "@/testing/server";

const ROOT = "http://localhost/api/v1";

function serve(jobs: Job[], session = bob): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(session)),
    http.get(`${ROOT}/jobs/`, ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(page(jobs));
    }),
  );
  return asked;
}

it("shows how far a run is and how long it needs", async () => {
  serve([makeJob({ label: "Update all prices", progress_done: 3, progress_total: 12, eta_seconds: 90, note: "magic prices" })]);

  renderApp("/jobs");

  expect(await screen.findByText("3 of 12 · about 2 min left · magic prices")).toBeInTheDocument();
  expect(screen.getByRole("progressbar", { name: "Progress: Update all prices" })).toHaveAttribute("aria-valuenow", "25");
  expect(screen.getByText("Running", { selector: "span" })).toBeInTheDocument();
});

it("opens a run to its counts and errors", async () => {
  const errors = [{ code: "rate_limited", detail: "Asked to wait 60 s.", subject: "tcgcsv.com", count: 3 }];
  serve([makeJob({ label: "Update all prices", state: "partly", counts: { prices_stored: 1204 }, errors, error_count: 5, finished_at: "2026-11-21T04:02:00Z" })]);
  const { user } = renderApp("/jobs");

  const line = await screen.findByRole("button", { name: /Update all prices/, expanded: false });
  expect(screen.queryByText("Asked to wait 60 s.")).not.toBeInTheDocument();
  await user.click(line);

  expect(line).toHaveAttribute("aria-expanded", "true");
  expect(screen.getByText("Asked to wait 60 s.")).toBeInTheDocument();
  expect(screen.getByText("tcgcsv.com")).toBeInTheDocument();
  expect(screen.getByText("2 more errors not listed.")).toBeInTheDocument();
  expect(screen.getByText("1,204")).toBeInTheDocument();
  expect(screen.getByText("Took").nextElementSibling).toHaveTextContent("2 min");
});

it("cancels what runs and retries what failed", async () => {
  const [running, failed] = [makeJob({ label: "Run A" }), makeJob({ label: "Run B", state: "failed" })];
  serve([running, failed]);
  const changes: string[] = [];
  server.use(
    http.post(`${ROOT}/jobs/:id/:change/`, ({ request, params }) => {
      changes.push(`${String(params["change"])} ${String(params["id"])} ${request.headers.get("Idempotency-Key")?.length ?? 0}`);
      return HttpResponse.json({ job: { ...running, state: "cancelling" } }, { status: 202 });
    }),
  );
  const { user } = renderApp("/jobs");

  await user.click(await screen.findByRole("button", { name: "Cancel: Run A" }));
  await screen.findByText("Run A will stop at its next step");
  await user.click(screen.getByRole("button", { name: "Retry: Run B" }));

  await screen.findByText("Run B is queued again");
  expect(changes).toEqual([`cancel ${running.id} 32`, `retry ${failed.id} 32`]);
});

it("lets an analyst cancel only what they asked for, and retry nothing", async () => {
  const jobs = [
    makeJob({ label: "Own", requested_by: "alice" }),
    makeJob({ label: "Other", requested_by: "bob" }),
    makeJob({ label: "Failed", state: "failed", requested_by: "alice" }),
  ];
  serve(jobs, alice);

  renderApp("/jobs");

  expect(await screen.findByRole("button", { name: "Cancel: Own" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Cancel: Other" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /^Retry/ })).not.toBeInTheDocument();
});

it("keeps the view in the URL and asks the API for it", async () => {
  const asked = serve([]);
  const { user, search } = renderApp("/jobs?view=open&page=nonsense");

  expect(await screen.findByText("Nothing is running")).toBeInTheDocument();
  expect(Object.fromEntries(asked[0] ?? [])).toEqual({ is_open: "true", page: "1", page_size: "25" });

  await user.click(screen.getByRole("button", { name: "With errors" }));
  await waitFor(() => expect(search()).toEqual({ view: "failed" }));
  await waitFor(() => expect(asked.at(-1)?.get("state")).toBe("failed,partly"));
  expect(await screen.findByText("No run has failed")).toBeInTheDocument();
});

it("refreshes a product's prices and tells how it went", async () => {
  const job = makeJob({ label: "Refresh prices: Found Box", state: "queued", progress_done: 0, progress_total: 0, note: "", counts: {} });
  const product = makeProduct({ name: "Found Box" });
  let prices = 0;
  server.use(
    http.get(`${ROOT}/session/`, () => HttpResponse.json(alice)),
    http.get(`${ROOT}/products/:id/`, () => HttpResponse.json(product)),
    http.get(`${ROOT}/products/:id/prices/`, () => {
      prices += 1;
      return HttpResponse.json(page([]));
    }),
    http.post(`${ROOT}/products/:id/refresh-price/`, ({ params }) => {
      expect(params["id"]).toBe(product.id);
      return HttpResponse.json({ job }, { status: 202 });
    }),
    http.get(`${ROOT}/jobs/:id/`, () => HttpResponse.json({ ...job, state: "succeeded", counts: { prices_stored: 4 } })),
  );
  const { user } = renderApp(`/products/${product.id}`);

  await user.click(await screen.findByRole("button", { name: "Refresh prices: Found Box" }));

  expect(await screen.findByText(/Refresh prices: Found Box: succeeded/)).toBeInTheDocument();
  expect(screen.getByText("4 prices stored")).toBeInTheDocument();
  await waitFor(() => expect(prices).toBeGreaterThan(1));
});

it("tells a queued run what it waits for", async () => {
  const waiting = makeJob({ label: "Refresh prices", state: "queued", progress_done: 0, progress_total: 0, note: "", eta_seconds: null });
  const busy = makeJob({ label: "Update all prices", eta_seconds: 240 });
  server.use(
    http.get(`${ROOT}/jobs/`, ({ request }) => HttpResponse.json(page(new URL(request.url).searchParams.has("state") ? [busy] : [waiting]))),
  );
  renderApp("/jobs");

  expect(await screen.findByText("waiting: another run is going on (Update all prices, about 4 min left)")).toBeInTheDocument();
});

it("offers visitors no refresh", async () => {
  renderApp("/products/some-id");

  const prices = within(await screen.findByRole("table", { name: "Current prices" }));
  expect(prices.getByText("Bulk feed")).toBeInTheDocument();
  expect(prices.getByText(/^100/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Refresh prices/ })).not.toBeInTheDocument();
});

it("leads back from a page the list no longer has", async () => {
  serve([]);
  server.use(http.get(`${ROOT}/jobs/`, () => problem(404, { code: "not_found" })));
  renderApp("/jobs?page=9");

  expect(await screen.findByText("The list has fewer pages now")).toBeInTheDocument();
});
