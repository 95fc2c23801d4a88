import { expect, it } from "vitest";

import { exportAddress, toAuditQuery } from "../api/events";
import { diffOf, factsOf, pageOf } from "./diff";

it("puts what changed before what stayed", () => {
  const rows = diffOf({ before: { state: "open", quantity: 1 }, after: { state: "settled", quantity: 1, profit: "3.20" } });

  expect(rows).toEqual([
    { name: "state", before: "open", after: "settled", isChanged: true },
    { name: "profit", before: null, after: "3.20", isChanged: true },
    { name: "quantity", before: "1", after: "1", isChanged: false },
  ]);
});

it("reads pairs per field, and leaves them out of the plain facts", () => {
  const data = { amount: { before: "10", after: "20" }, reason: "more room", tags: ["a"], empty: "" };

  expect(diffOf(data)).toEqual([{ name: "amount", before: "10", after: "20", isChanged: true }]);
  expect(factsOf(data)).toEqual([["reason", "more room"], ["tags", '["a"]'], ["empty", "–"]]);
});

it("knows the pages of subjects", () => {
  expect(pageOf("opportunity:019a0000-0000-7000-8000-000000000001")).toBe("/app/opportunities/019a0000-0000-7000-8000-000000000001");
  expect(pageOf("user:019a0000-0000-7000-8000-000000000001")).toBeNull();
  expect(pageOf("product:../admin")).toBeNull();
});

it("means the last day whole", () => {
  expect(toAuditQuery({ from: "2026-11-01", to: "2026-11-30" })).toMatchObject({ after: "2026-11-01T00:00:00Z", before: "2026-12-01T00:00:00Z" });
  expect(exportAddress({ verb: "opportunity." })).toBe("/api/v1/audit/export/?verb=opportunity.");
});
