// A feed of things that happened, newest first: nothing that arrives while it is held or paused is lost.

import type { Pulse } from "./pulse";

interface LogState<Item> {
  items: readonly Item[];
  /** Arrived while the feed was held. */
  waiting: number;
}

export class LiveLog<Item> {
  #keyOf: (item: Item) => string;
  #most: number;
  #pulse: Pulse;
  #arrived: Item[] = [];
  #known = new Set<string>();
  #state: LogState<Item> = { items: [], waiting: 0 };
  #isHeld = false;
  #watchers = new Set<() => void>();

  constructor(pulse: Pulse, keyOf: (item: Item) => string, most: number) {
    this.#pulse = pulse;
    this.#keyOf = keyOf;
    this.#most = most;
    pulse.add(this.#apply);
  }

  put(item: Item): void {
    const key = this.#keyOf(item);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#arrived.push(item);
    this.#pulse.arrive();
  }

  /** Join a list that was read, newest first, with what has arrived meanwhile. */
  join(items: readonly Item[]): void {
    const missing = items.filter((item) => !this.#known.has(this.#keyOf(item)));
    if (missing.length === 0) return;
    for (const item of missing) this.#known.add(this.#keyOf(item));
    this.#arrived.unshift(...[...missing].reverse());
    this.#pulse.beat();
  }

  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (!isHeld) this.#apply();
  }

  clear(): void {
    this.#arrived = [];
    this.#known.clear();
    this.#set({ items: [], waiting: 0 });
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  state = (): LogState<Item> => this.#state;

  #apply = (): void => {
    if (this.#arrived.length === 0) return;
    if (this.#isHeld && this.#state.items.length > 0) {
      if (this.#state.waiting !== this.#arrived.length) this.#set({ ...this.#state, waiting: this.#arrived.length });
      return;
    }
    const items = [...this.#arrived.reverse(), ...this.#state.items].slice(0, this.#most);
    this.#arrived = [];
    this.#known = new Set(items.map(this.#keyOf));
    this.#set({ items, waiting: 0 });
  };

  #set(next: LogState<Item>): void {
    this.#state = next;
    for (const notify of this.#watchers) notify();
  }
}
