import { expect, it } from "vitest";

import { eventFacts, verbText } from "./timeline-text";

it("tells before and after of what changed, in the event's currency", () => {
  const before = { currency: "EUR", net_profit: "9.89", margin_percentage: "112.25", risk_level: "low" };
  const after = { currency: "EUR", net_profit: "8.00", margin_percentage: "90.80", risk_level: "low" };

  expect(eventFacts({ before, after })).toEqual([
    ["Net profit", "€9.89 → €8.00"],
    ["Margin percentage", "112.3\u202F% → 90.8\u202F%"],
  ]);
});

it("tells a first event and plain facts, without ids", () => {
  expect(eventFacts({ after: { currency: "USD", total_cost: "5.00", sealed_product_id: "x" } })).toEqual([["Total cost", "$5.00"]]);
  expect(eventFacts({ reason: "Wrong price", shown: { a: 1 }, fields: ["execution_notes"] })).toEqual([["Reason", "Wrong price"], ["Fields", "execution notes"]]);
});

it("shows a verb that it does not know as words", () => {
  expect(verbText("opportunity.executed")).toBe("Executed");
  expect(verbText("venue.closed_early")).toBe("Venue: closed early");
});
