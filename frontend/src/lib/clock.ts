// One ticking clock for every age on the page, instead of a timer per badge.

import { useSyncExternalStore } from "react";

const TICK_MS = 30_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const notify of listeners) notify();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer) {
      clearInterval(timer);
      timer = null;
    }
  };
}

function snapshot(): number {
  if (!timer && Date.now() - now > TICK_MS) now = Date.now(); // nobody was listening for a while
  return now;
}

/** Milliseconds since the epoch, moving on every half minute. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot);
}
