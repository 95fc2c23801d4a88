import { expect, it } from "vitest";

import { readProcess } from "./process";

it("adds up the latencies of one event after the other, each bucket alone", () => {
  const event = (counts: number[]) => ({ name: "live", process: "signals", latency: { buckets: [100, 200, null].map((le_us, index) => ({ le_us, count: counts[index] })) } });
  const first = readProcess(event([2, 5, 5]));
  const second = readProcess(event([0, 0, 1]), first ?? undefined);

  expect(first?.latency).toMatchObject({ p50Us: 200, buckets: [{ leUs: 100, count: 2 }, { leUs: 200, count: 3 }, { leUs: null, count: 0 }] });
  expect(second?.latency?.buckets.map(({ count }) => count)).toEqual([2, 3, 1]);
  expect(second?.latency?.p99Us).toBe(Number.POSITIVE_INFINITY);
});
