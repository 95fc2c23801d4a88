// The connection under lib/sse: an EventSource, shared by the tabs of a browser where they can agree on a leader.

const BASE_TOPICS = ["opportunity", "execution", "job", "notification", "market"] as const;
/** What only the live pages want: it may be hundreds of events a second. */
const LIVE_TOPICS = ["quote", "spread", "signal", "metrics"] as const;
const ALL_TOPICS = [...BASE_TOPICS, ...LIVE_TOPICS];
export type StreamTopic = (typeof ALL_TOPICS)[number];

/** What happened (`name`) to what (`id`), with a few figures; money is decimal text as everywhere. */
export interface StreamEvent {
  topic: StreamTopic;
  name: string;
  id?: string;
  [figure: string]: unknown;
}

/** `live`: events arrive. `reconnecting`: lost a moment ago. `stale`: lost for longer, only polling. `off`: not used. */
export type StreamState = "live" | "reconnecting" | "stale" | "off";

export interface Wire {
  onEvent: (event: StreamEvent) => void;
  /** News of the live desk: a newer state of one thing makes an older one worthless. */
  onLive: (event: StreamEvent) => void;
  onState: (state: StreamState) => void;
  onResync: () => void;
  /** The state as this tab last heard it. */
  state: () => StreamState;
}

export interface Connection {
  close: () => void;
  /** Whether this tab wants the live topics too. */
  wantLive: (isWanted: boolean) => void;
}

const CHANNEL = "arbsite.stream";
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
const STALE_AFTER_MS = 20_000;

type Message =
  | { kind: "event"; event: StreamEvent }
  | { kind: "state"; state: StreamState }
  | { kind: "resync" }
  | { kind: "who" }
  /** From the leader: say whether you want live news. */
  | { kind: "ask" }
  | { kind: "want"; tab: string; isWanted: boolean };

function pathFor(isLive: boolean): string {
  return `/api/v1/stream?topics=${(isLive ? ALL_TOPICS : BASE_TOPICS).join(",")}`;
}

/** Health of a venue comes under `market` like kill switches do; it says which venue by its code. */
function isLiveNews({ topic, code }: StreamEvent): boolean {
  return (LIVE_TOPICS as readonly string[]).includes(topic) || (topic === "market" && typeof code === "string");
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

/**
 * Keep one EventSource open. The browser itself takes up a broken connection with Last-Event-ID; what it gives up
 * (a refusal, a restart) is opened anew after a growing, jittered pause, and then everything is read again.
 */
export function connect({ onEvent, onLive, onState, onResync }: Pick<Wire, "onEvent" | "onLive" | "onState" | "onResync">): Connection {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stale: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let hasBeenLive = false;
  let isLive = false;

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
    const made = new EventSource(pathFor(isLive));
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
    for (const topic of ALL_TOPICS) {
      made.addEventListener(topic, (message) => {
        const event = readEvent(topic, String(message.data));
        if (event) (isLiveNews(event) ? onLive : onEvent)(event);
      });
    }
  };
  onState("reconnecting");
  open();
  return {
    close: () => {
      source?.close();
      clearTimeout(retry);
      clearTimeout(stale);
      onState("off");
    },
    wantLive: (isWanted) => {
      if (isWanted === isLive) return;
      isLive = isWanted;
      if (source?.readyState === EventSource.CLOSED) return; // the next attempt asks for the right topics
      source?.close();
      open();
    },
  };
}

/** One tab holds the lock and the connection and tells the others; when it closes, the next tab takes over. */
export function shareConnection(locks: LockManager, wire: Wire): Connection {
  const channel = new BroadcastChannel(CHANNEL);
  const left = new AbortController();
  const own = Math.random().toString(36).slice(2);
  const others = new Set<string>();
  let isWantedHere = false;
  let held: Connection | null = null;
  const say = (message: Message) => {
    if (!left.signal.aborted) channel.postMessage(message);
  };
  const sayWanted = () => say({ kind: "want", tab: own, isWanted: isWantedHere });
  const choose = () => held?.wantLive(isWantedHere || others.size > 0);

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === "who") {
      if (held) say({ kind: "state", state: wire.state() });
    } else if (data.kind === "want") {
      if (data.isWanted) others.add(data.tab);
      else others.delete(data.tab);
      choose();
    } else if (data.kind === "ask") {
      if (isWantedHere) sayWanted();
    } else if (data.kind === "event") (isLiveNews(data.event) ? wire.onLive : wire.onEvent)(data.event);
    else if (data.kind === "resync") wire.onResync();
    else wire.onState(data.state === "off" ? "reconnecting" : data.state);
  };
  wire.onState("reconnecting");
  say({ kind: "who" });
  const goodbye = () => {
    if (isWantedHere) say({ kind: "want", tab: own, isWanted: false });
  };
  window.addEventListener("pagehide", goodbye);
  void locks
    .request(CHANNEL, { signal: left.signal }, () => {
      if (left.signal.aborted) return undefined;
      const both = (act: () => void, message: Message) => {
        act();
        say(message);
      };
      const made = connect({
        onEvent: (event) => both(() => wire.onEvent(event), { kind: "event", event }),
        onLive: (event) => {
          wire.onLive(event);
          if (others.size > 0) say({ kind: "event", event });
        },
        onState: (state) => both(() => wire.onState(state), { kind: "state", state }),
        onResync: () => both(wire.onResync, { kind: "resync" }),
      });
      held = made;
      others.clear();
      choose();
      say({ kind: "ask" });
      return new Promise<void>((resolve) => {
        left.signal.addEventListener("abort", () => {
          made.close();
          resolve();
        });
      });
    })
    .catch(() => undefined) // left while still waiting for the lock
    .finally(() => channel.close());
  return {
    close: () => {
      goodbye();
      window.removeEventListener("pagehide", goodbye);
      left.abort();
      wire.onState("off");
    },
    wantLive: (isWanted) => {
      if (isWanted === isWantedHere) return;
      isWantedHere = isWanted;
      sayWanted();
      choose();
    },
  };
}
