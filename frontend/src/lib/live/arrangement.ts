// Which rows of a live table are shown, in which order. Rows never move under a pointer: while somebody aims, the
// order is held and what is new waits to be asked for; else it is put in order at most once a second.

import type { LiveTable } from "./table";

const ARRANGE_MS = 1_000;

export interface Arranged {
  keys: readonly string[];
  /** Rows that would be shown and are not yet. */
  added: number;
  isHeld: boolean;
}

export interface Rules<Row> {
  accept: (row: Row) => boolean;
  compare: (a: Row, b: Row) => number;
}

const EMPTY: Arranged = { keys: [], added: 0, isHeld: false };

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

export class Arrangement<Row extends object> {
  #table: LiveTable<Row>;
  #rules: Rules<Row>;
  #now: Arranged = EMPTY;
  #isHeld = false;
  #watchers = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;

  constructor(table: LiveTable<Row>, rules: Rules<Row>) {
    this.#table = table;
    this.#rules = rules;
    this.#now = { ...EMPTY, keys: this.#wanted() };
  }

  subscribe = (watcher: () => void): (() => void) => {
    if (this.#watchers.size === 0) {
      this.#stop = this.#table.watch(this.#hear);
      this.arrange();
    }
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size > 0) return;
      this.#stop?.();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  };

  state = (): Arranged => this.#now;

  /** Other rules were chosen by a person, who expects to see them applied. */
  rule(rules: Rules<Row>): void {
    this.#rules = rules;
    this.arrange();
  }

  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#set({ ...this.#now, isHeld });
    else this.arrange();
  }

  /** Put in order now. */
  arrange = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const keys = this.#wanted();
    this.#set({ keys: isSame(keys, this.#now.keys) ? this.#now.keys : keys, added: 0, isHeld: this.#isHeld });
  };

  #wanted(): string[] {
    const rows = [...this.#table.entries()].filter(([, row]) => this.#rules.accept(row));
    return rows.sort(([keyA, a], [keyB, b]) => this.#rules.compare(a, b) || (keyA < keyB ? -1 : 1)).map(([key]) => key);
  }

  #hear = (): void => {
    if (this.#isHeld) {
      const shown = new Set(this.#now.keys);
      this.#set({ ...this.#now, added: this.#wanted().filter((key) => !shown.has(key)).length });
    } else if (this.#now.keys.length === 0) this.arrange();
    else this.#timer ??= setTimeout(this.arrange, ARRANGE_MS);
  };

  #set(next: Arranged): void {
    const { keys, added, isHeld } = this.#now;
    if (next.keys === keys && next.added === added && next.isHeld === isHeld) return;
    this.#now = next;
    for (const notify of this.#watchers) notify();
  }
}
