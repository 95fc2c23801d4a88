// The second hand of live pages, on the server's clock: a browser whose clock is wrong must not call live prices old.

import { useSyncExternalStore } from "react";

const TICK_MS = 1_000;
/** A difference below this is the way of the news, not a wrong clock. */
const TOLERATED_MS = 2_000;
const FORGET_MS = 60_000;

let lead = 0;
let leadNotedAt = Number.NEGATIVE_INFINITY;
let now = 0;
let nowHere = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

/** The server's clock said `milliseconds` a moment ago. Of one minute's notes the quickest one counts. */
export function noteServerTime(milliseconds: number): void {
  if (!Number.isFinite(milliseconds)) return;
  const here = Date.now();
  const found = here - milliseconds;
  if (found >= lead && here - leadNotedAt < FORGET_MS) return;
  lead = found;
  leadNotedAt = here;
}

/** Milliseconds since the epoch by the server's clock. */
export function serverNow(): number {
  return Date.now() - (Math.abs(lead) > TOLERATED_MS ? lead : 0);
}

function tick(): void {
  now = serverNow();
  nowHere = Date.now();
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  if (timer === undefined) {
    tick();
    timer = setInterval(() => {
      tick();
      for (const notify of watchers) notify();
    }, TICK_MS);
  }
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function snapshot(): number {
  if (timer === undefined && Math.abs(serverNow() - now) > TICK_MS) tick();
  return now;
}

/** The server's time, moving on every second. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, snapshot);
}

/** The same by this browser's own clock, for what happened in it. */
export function useSecondHere(): number {
  return useSyncExternalStore(subscribe, () => (snapshot(), nowHere));
}

/** Whether the moment has passed; redraws only when that changes. */
export function useHasPassed(moment: number | null): boolean {
  return useSyncExternalStore(subscribe, () => moment !== null && snapshot() > moment);
}
