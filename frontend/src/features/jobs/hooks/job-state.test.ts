import { expect, it } from "vitest";

import { makeJob } from "@/testing/factories";

import { resultOf } from "./job-state";
import { withProgress } from "./use-job-news";

const ID = "019a0000-0000-7000-8000-000000000001";

it.each([
  [`backtest:${ID}`, `/app/reports?report=backtests&backtest=${ID}`],
  [`product:${ID}@tcgplayer`, `/app/products/${ID}`],
  ["source:tcgplayer", "/app/markets"],
  ["product:../../admin", undefined],
  ["", undefined],
])("leads from a run about %s to %s", (subject, href) => {
  expect(resultOf({ subject })?.href).toBe(href);
});

it("moves only the run that an event is about, and only when it says how far", () => {
  const job = makeJob({ progress_done: 3, progress_total: 12 });

  expect(withProgress(job, { topic: "job", name: "progress", id: job.id, progress_done: 5, progress_total: 12 }).progress_done).toBe(5);
  expect(withProgress(job, { topic: "job", name: "progress", id: "another", progress_done: 5, progress_total: 12 })).toBe(job);
  expect(withProgress(job, { topic: "job", name: "ended", id: job.id })).toBe(job);
});
