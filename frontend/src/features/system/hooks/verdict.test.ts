import { expect, it } from "vitest";

import type { SystemOverview } from "../api/overview";
import { concernsOf, formatBytes } from "./verdict";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const well: SystemOverview = {
  version: "1", mode: "paper", is_demo: false, started_at: "2026-11-21T11:00:00Z",
  components: [{ name: "database", status: "ok", detail: "", latency_ms: 1 }],
  queues: [{ name: "default", depth: 3 }],
  outbox: { waiting: 1, parked: 0, oldest_seconds: 2 },
  beat: { last_tick_at: "2026-11-21T11:59:30Z" },
  workers: [{ name: "default@desk", status: "ok" }],
  partitions: [],
  migrations: { applied: 61, pending: 0 },
  sizes: { database_bytes: 1, redis_bytes: null },
};

it("has nothing to say when all is well", () => {
  expect(concernsOf(well, NOW)).toEqual([]);
});

it("names what fails before what only needs a look", () => {
  const concerns = concernsOf(
    {
      ...well,
      queues: [{ name: "scraping", depth: 4_000 }, { name: "default", depth: null }],
      outbox: { waiting: 9, parked: 2, oldest_seconds: 700 },
      workers: [],
      components: [{ name: "redis", status: "fail", detail: "error ConnectionError", latency_ms: 3 }],
    },
    NOW + 3_600_000,
  );

  expect(concerns.map(({ tone, text }) => `${tone}: ${text}`)).toEqual([
    "loss: Redis fails: error ConnectionError",
    "loss: No worker answered: runs and messages wait.",
    "warn: 2 messages parked after failing five times: look at them in the admin.",
    "warn: The outbox is 12 min behind.",
    "warn: The scheduler has started nothing for five minutes.",
    "warn: 4,000 messages wait in queue scraping.",
    "warn: Queue default could not be asked.",
  ]);
});

it.each([[999, "999 B"], [9_437_184, "9.4 MB"], [152_428_800, "152 MB"], [null, "unknown"]])("says %s bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
