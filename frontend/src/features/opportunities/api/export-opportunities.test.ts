import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";
import { page } from "@/testing/handlers";
import { server } from "@/testing/server";

import { fetchAllOpportunities, MAX_EXPORT_ROWS } from "./export-opportunities";

const LIST = "http://localhost/api/v1/opportunities/";

it("reads every page and counts a row that moved between pages once", async () => {
  const [a, b, c] = [makeOpportunity(), makeOpportunity(), makeOpportunity()];
  const pages = [[a, b], [b, c]];
  server.use(
    http.get(LIST, ({ request }) => {
      const number = Number(new URL(request.url).searchParams.get("page"));
      return HttpResponse.json({ ...page(pages[number - 1] ?? [], 3), next: number < pages.length ? "more" : null });
    }),
  );

  const { rows, total } = await fetchAllOpportunities({ search: "x" });

  expect(rows.map((row) => row.id)).toEqual([a.id, b.id, c.id]);
  expect(total).toBe(3);
});

it("stops at the limit and tells how many there are", async () => {
  server.use(
    http.get(LIST, () => HttpResponse.json({ ...page(Array.from({ length: 200 }, () => makeOpportunity()), 9_000), next: "more" })),
  );

  const { rows, total } = await fetchAllOpportunities({});

  expect([rows.length, total]).toEqual([MAX_EXPORT_ROWS, 9_000]);
});
