// What an operator should look at, in words, worst first.

import { humanise, plural } from "@/lib/format";
import { formatSpan } from "@/lib/time";

import type { SystemOverview } from "../api/overview";

export interface Concern {
  tone: "loss" | "warn";
  text: string;
}

const LONG_QUEUE = 100;
const OVERDUE_SECONDS = 60;
const SILENT_BEAT_MS = 5 * 60_000;

function ofComponent({ name, status, detail }: SystemOverview["components"][number]): Concern[] {
  if (status === "ok" || name === "outbox") return []; // the outbox has its own, with figures
  const isDown = status === "fail";
  return [{ tone: isDown ? "loss" : "warn", text: `${humanise(name)} ${isDown ? "fails" : "needs a look"}${detail ? `: ${detail.replaceAll("_", " ")}` : ""}` }];
}

function ofQueue({ name, depth }: SystemOverview["queues"][number]): Concern[] {
  if (depth === null) return [{ tone: "warn", text: `Queue ${name} could not be asked.` }];
  return depth > LONG_QUEUE ? [{ tone: "warn", text: `${plural(depth, "message")} wait in queue ${name}.` }] : [];
}

/** Empty when all is well. */
export function concernsOf(system: SystemOverview, now: number): Concern[] {
  const { outbox, beat, workers, migrations } = system;
  const rules: readonly (readonly [isSo: boolean, tone: Concern["tone"], text: string])[] = [
    [workers.length === 0, "loss", "No worker answered: runs and messages wait."],
    [migrations.pending > 0, "loss", `${plural(migrations.pending, "migration")} not applied: run manage.py migrate.`],
    [outbox.parked > 0, "warn", `${plural(outbox.parked, "message")} parked after failing five times: look at them in the admin.`],
    [outbox.oldest_seconds > OVERDUE_SECONDS, "warn", `The outbox is ${formatSpan(outbox.oldest_seconds)} behind.`],
    [!beat.last_tick_at || now - Date.parse(beat.last_tick_at) > SILENT_BEAT_MS, "warn", "The scheduler has started nothing for five minutes."],
  ];
  const concerns = [
    ...system.components.flatMap(ofComponent),
    ...rules.flatMap(([isSo, tone, text]) => (isSo ? [{ tone, text }] : [])),
    ...system.queues.flatMap(ofQueue),
  ];
  return concerns.sort((a, b) => Number(a.tone === "warn") - Number(b.tone === "warn"));
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** "9.4 MB", in powers of a thousand. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return "unknown";
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
