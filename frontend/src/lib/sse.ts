// News from the server: one connection for the whole application, and one for all tabs of a browser where the
// browser can agree on a leader. Events only say what changed; whoever shows it asks the API again, and keeps polling
// (more slowly) meanwhile. So a lost event costs a little time and never correctness.

import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

export const STREAM_TOPICS = ["opportunity", "execution", "job", "notification", "market", "quote"] as const;
export type StreamTopic = (typeof STREAM_TOPICS)[number];

/** What happened (`name`) to what (`id`), with a few figures; money is decimal text as everywhere. */
export interface StreamEvent {
  topic: StreamTopic;
  name: string;
  id?: string;
  [figure: string]: unknown;
}

/** `live`: events arrive. `reconnecting`: lost a moment ago. `stale`: lost for longer, only polling. `off`: not used. */
export type StreamState = "live" | "reconnecting" | "stale" | "off";

export interface StreamStatus {
  state: StreamState;
  /** Milliseconds since the epoch; null before the first event. */
  lastEventAt: number | null;
}

const PATH = `/api/v1/stream?topics=${STREAM_TOPICS.join(",")}`;
const CHANNEL = "arbsite.stream";
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
const STALE_AFTER_MS = 20_000;
const REFRESH_MS = 1_000;
const SLOWER = 4;

type Listener = (event: StreamEvent) => void;
type Message = { kind: "event"; event: StreamEvent } | { kind: "state"; state: StreamState } | { kind: "resync" } | { kind: "who" };

let status: StreamStatus = { state: "off", lastEventAt: null };
let queue: StreamEvent[] = [];
let isScheduled = false;
const watchers = new Set<() => void>();
const listeners = new Map<Listener, readonly StreamTopic[]>();

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

function readEvent(topic: StreamTopic, text: string): StreamEvent | null {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== "object" || data === null || !("name" in data)) return null;
    return { ...(data as { name: string }), topic };
  } catch {
    return null;
  }
}

interface Wire {
  onEvent: (event: StreamEvent) => void;
  onState: (state: StreamState) => void;
  onResync: () => void;
}

/**
 * Keep one EventSource open. The browser itself takes up a broken connection with Last-Event-ID; what it gives up
 * (a refusal, a restart) is opened anew after a growing, jittered pause, and then everything is read again.
 */
function connect({ onEvent, onState, onResync }: Wire): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stale: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let hasBeenLive = false;

  const lose = () => {
    onState("reconnecting");
    stale ??= setTimeout(() => onState("stale"), STALE_AFTER_MS);
  };
  const again = (pause: number) => {
    source?.close();
    failures += 1;
    retry = setTimeout(open, pause * (0.5 + Math.random() / 2));
  };
  const greet = (isResumed: boolean) => {
    clearTimeout(stale);
    stale = undefined;
    failures = 0;
    onState("live");
    if (hasBeenLive && !isResumed) onResync();
    hasBeenLive = true;
  };
  const open = () => {
    const made = new EventSource(PATH);
    source = made;
    made.addEventListener("hello", (message) => greet(/"resumed":\s*true/.test(String(message.data))));
    made.addEventListener("refused", () => {
      lose();
      again(LONGEST_RETRY_MS); // too many connections of this user: the browser would ask every two seconds
    });
    made.addEventListener("resync", onResync);
    made.onerror = () => {
      lose();
      if (made.readyState === EventSource.CLOSED) again(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
    };
    for (const topic of STREAM_TOPICS) {
      made.addEventListener(topic, (message) => {
        const event = readEvent(topic, String(message.data));
        if (event) onEvent(event);
      });
    }
  };
  onState("reconnecting");
  open();
  return () => {
    source?.close();
    clearTimeout(retry);
    clearTimeout(stale);
    onState("off");
  };
}

function locksOf(): LockManager | undefined {
  return "locks" in navigator && typeof BroadcastChannel !== "undefined" ? navigator.locks : undefined;
}

/** One tab holds the lock and the connection and tells the others; when it closes, the next tab takes over. */
function shareConnection(locks: LockManager, wire: Wire): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  const left = new AbortController();
  let isLeader = false;
  const say = (message: Message) => channel.postMessage(message);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "who") {
      if (isLeader) say({ kind: "state", state: status.state });
    } else if (data.kind === "event") wire.onEvent(data.event);
    else if (data.kind === "resync") wire.onResync();
    else wire.onState(data.state === "off" ? "reconnecting" : data.state);
  };
  wire.onState("reconnecting");
  say({ kind: "who" });
  void locks
    .request(CHANNEL, { signal: left.signal }, () => {
      if (left.signal.aborted) return undefined;
      isLeader = true;
      const both = (act: () => void, message: Message) => {
        act();
        say(message);
      };
      const close = connect({
        onEvent: (event) => both(() => wire.onEvent(event), { kind: "event", event }),
        onState: (state) => both(() => wire.onState(state), { kind: "state", state }),
        onResync: () => both(wire.onResync, { kind: "resync" }),
      });
      return new Promise<void>((resolve) => {
        left.signal.addEventListener("abort", () => {
          close();
          resolve();
        });
      });
    })
    .catch(() => undefined) // left while still waiting for the lock
    .finally(() => channel.close());
  return () => {
    left.abort();
    wire.onState("off");
  };
}

/** Open the stream for this tab; the shell does it once. Returns how to close it. */
export function openStream(queries: QueryClient): () => void {
  if (typeof EventSource === "undefined") return () => undefined;
  const wire: Wire = {
    onEvent: enqueue,
    onState: (state) => setStatus({ state }),
    onResync: () => void queries.invalidateQueries(),
  };
  const locks = locksOf();
  return locks ? shareConnection(locks, wire) : connect(wire);
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
