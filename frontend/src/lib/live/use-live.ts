import { useCallback, useEffect, useState, useSyncExternalStore, type FocusEvent, type PointerEvent } from "react";

import { listenLive, type StreamEvent } from "@/lib/sse";

import { Arrangement, type Arranged, type Rules } from "./arrangement";
import type { LiveLog } from "./log";
import type { PauseState, Pulse } from "./pulse";
import type { LiveTable } from "./table";

/** Hear live news while the page is open; `listener` never changes. */
export function useLiveNews(listener: (event: StreamEvent) => void): void {
  useEffect(() => listenLive(listener), [listener]);
}

/** One row; draws again only when that row has changed. */
export function useLiveRow<Row extends object>(table: LiveTable<Row>, key: string): Row | undefined {
  return useSyncExternalStore(
    useCallback((watcher: () => void) => table.watchRow(key, watcher), [table, key]),
    () => table.get(key),
  );
}

export function usePause(pulse: Pulse): PauseState {
  return useSyncExternalStore(pulse.subscribe, pulse.state);
}

export function useLog<Item>(log: LiveLog<Item>) {
  return useSyncExternalStore(log.subscribe, log.state);
}

/** The shown keys in order. `rules` must be the same object until a person chooses others. */
export function useArrangement<Row extends object>(table: LiveTable<Row>, rules: Rules<Row>, isHeld: boolean): Arranged & { show: () => void } {
  const [arrangement] = useState(() => new Arrangement(table, rules));
  useEffect(() => arrangement.rule(rules), [arrangement, rules]);
  useEffect(() => arrangement.hold(isHeld), [arrangement, isHeld]);
  return { ...useSyncExternalStore(arrangement.subscribe, arrangement.state), show: arrangement.arrange };
}

/** Whether somebody points at or moves by keyboard within an element; spread `aim` on it. */
export function useAim() {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  return {
    isAiming: isPointed || isFocused,
    aim: {
      onPointerEnter: (event: PointerEvent) => event.pointerType !== "touch" && setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: (event: FocusEvent) => setFocused(event.target.matches(":focus-visible")),
      onBlur: () => setFocused(false),
    },
  };
}
