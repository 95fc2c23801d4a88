import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";

import { describePending } from "../components/updates-pill";
import { useStableRows } from "./use-stable-rows";

const [a, b, c] = [makeOpportunity({ name: "A" }), makeOpportunity({ name: "B" }), makeOpportunity({ name: "C" })];

function start(rows = [a, b]) {
  return renderHook(({ latest, key }) => useStableRows(latest, key), { initialProps: { latest: rows, key: "one" } });
}

it("updates values in place without moving rows", () => {
  const hook = start();
  const newer = { ...a, net_profit: "60.00", updated_at: "2026-11-21T05:00:00Z" };

  hook.rerender({ latest: [b, newer], key: "one" });

  expect(hook.result.current.rows.map((row) => row.opportunity)).toEqual([newer, b]);
  expect(hook.result.current.rows.map((row) => row.previous !== undefined)).toEqual([true, false]);
  expect(describePending(hook.result.current.pending)).toBe("Order changed");
});

it("holds arrivals and departures back until asked", () => {
  const hook = start();

  hook.rerender({ latest: [c, a], key: "one" });

  expect(hook.result.current.rows.map((row) => [row.opportunity.id, row.isGone])).toEqual([[a.id, false], [b.id, true]]);
  expect(describePending(hook.result.current.pending)).toBe("1 new, 1 gone");

  act(() => void hook.result.current.rearrange());

  expect(hook.result.current.rows.map((row) => row.opportunity.id)).toEqual([c.id, a.id]);
  expect(describePending(hook.result.current.pending)).toBe("");
});

it("shows another query's rows at once, and the old ones until they arrive", () => {
  const hook = renderHook(({ latest, key }) => useStableRows(latest, key), {
    initialProps: { latest: [a, b] as (typeof a)[] | undefined, key: "one" },
  });

  hook.rerender({ latest: undefined, key: "two" });
  expect(hook.result.current.rows.map((row) => row.opportunity.id)).toEqual([a.id, b.id]);

  hook.rerender({ latest: [c], key: "two" });
  expect(hook.result.current.rows.map((row) => row.opportunity.id)).toEqual([c.id]);
});
