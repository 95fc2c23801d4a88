// News from the server: one connection for the whole application, and one for all tabs of a browser where the
// browser can agree on a leader. Events only say what changed; whoever shows it asks the API again, and keeps polling
// (more slowly) meanwhile. So a lost event costs a little time and never correctness.

import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

import { connect, shareConnection, type Connection, type StreamEvent, type StreamState, type StreamTopic, type Wire } from "./sse-wire";

export type { StreamEvent, StreamState, StreamTopic } from "./sse-wire";

export interface StreamStatus {
  state: StreamState;
  /** Milliseconds since the epoch; null before the first event. */
  lastEventAt: number | null;
}

const REFRESH_MS = 1_000;
const SLOWER = 4;
/** Somebody who goes from one live page to the next keeps the connection that they have. */
const LINGER_MS = 5_000;

type Listener = (event: StreamEvent) => void;

let status: StreamStatus = { state: "off", lastEventAt: null };
let queue: StreamEvent[] = [];
let isScheduled = false;
const watchers = new Set<() => void>();
const listeners = new Map<Listener, readonly StreamTopic[]>();
const liveListeners = new Set<Listener>();
let connection: Connection | null = null;

function setStatus(patch: Partial<StreamStatus>): void {
  if (patch.state === status.state && patch.lastEventAt === undefined) return;
  status = { ...status, ...patch };
  for (const notify of watchers) notify();
}

function flush(): void {
  isScheduled = false;
  const events = queue;
  queue = [];
  setStatus({ lastEventAt: Date.now() });
  for (const event of events) {
    for (const [listener, topics] of listeners) if (topics.includes(event.topic)) listener(event);
  }
}

/** Events of one animation frame are handed out together, so that React draws once. A hidden page has no frames. */
function enqueue(event: StreamEvent): void {
  queue.push(event);
  if (isScheduled) return;
  isScheduled = true;
  if (document.hidden) setTimeout(flush, 100);
  else requestAnimationFrame(flush);
}

/** Live news goes to its stores at once, which draw at their own pace; the chip hears of it once a second. */
function hearLive(event: StreamEvent): void {
  for (const listener of liveListeners) listener(event);
  const now = Date.now();
  if (now - (status.lastEventAt ?? 0) >= 1_000) setStatus({ lastEventAt: now });
}

/** Open the stream for this tab; the shell does it once. Returns how to close it. */
export function openStream(queries: QueryClient): () => void {
  if (typeof EventSource === "undefined") return () => undefined;
  const wire: Wire = {
    onEvent: enqueue,
    onLive: hearLive,
    onState: (state) => setStatus({ state }),
    onResync: () => void queries.invalidateQueries(),
    state: () => status.state,
  };
  const locks = "locks" in navigator && typeof BroadcastChannel !== "undefined" ? navigator.locks : undefined;
  const made = locks ? shareConnection(locks, wire) : connect(wire);
  connection = made;
  if (liveListeners.size > 0) made.wantLive(true);
  return () => {
    if (connection === made) connection = null;
    made.close();
  };
}

/**
 * Hear of quotes, spreads, signals, health and metrics as they arrive, which may be hundreds a second. The first
 * listener adds these topics to the connection, the last one drops them again. Returns how to stop.
 */
export function listenLive(listener: Listener): () => void {
  liveListeners.add(listener);
  connection?.wantLive(true);
  return () => {
    liveListeners.delete(listener);
    setTimeout(() => {
      if (liveListeners.size === 0) connection?.wantLive(false);
    }, LINGER_MS);
  };
}

/** Hear of events; `onEvent` may change between renders. Does nothing while the stream is off. */
export function useStream(topics: readonly StreamTopic[], onEvent: Listener): void {
  const hear = useEffectEvent(onEvent);
  const wanted = topics.join(",");
  useEffect(() => {
    const listener: Listener = (event) => hear(event);
    listeners.set(listener, wanted.split(",") as StreamTopic[]);
    return () => void listeners.delete(listener);
  }, [wanted]);
}

/** Read queries again when a topic has news: at once, and then at most once per second. */
export function useStreamRefresh(topics: readonly StreamTopic[], keys: readonly QueryKey[], matches?: (event: StreamEvent) => boolean): void {
  const queries = useQueryClient();
  const refresh = useEffectEvent(() => {
    for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
  });
  const state = useEffectEvent((event: StreamEvent) => (matches ? matches(event) : true));
  const wanted = topics.join(",");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isDue = false;
    const rest = () => {
      timer = setTimeout(() => {
        timer = undefined;
        if (isDue) act();
      }, REFRESH_MS);
    };
    const act = () => {
      isDue = false;
      refresh();
      rest();
    };
    const listener: Listener = (event) => {
      if (!state(event)) return;
      if (timer) isDue = true;
      else act();
    };
    listeners.set(listener, wanted.split(",") as StreamTopic[]);
    return () => {
      listeners.delete(listener);
      clearTimeout(timer);
    };
  }, [wanted]);
}

function subscribe(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useStreamState(): StreamStatus {
  return useSyncExternalStore(subscribe, () => status);
}

/** For `refetchInterval`: the given pace without the stream, a quarter of it while events arrive. */
export function pollEvery(milliseconds: number): number {
  return status.state === "live" ? milliseconds * SLOWER : milliseconds;
}
