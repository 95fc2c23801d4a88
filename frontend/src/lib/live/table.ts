// Live rows outside React: the newest state of each key, handed over with the pulse, so that only rows that changed
// are drawn, and each at most once per beat.

import type { Pulse } from "./pulse";

type Watcher = () => void;

export class LiveTable<Row extends object> {
  #pulse: Pulse;
  #rows = new Map<string, Row>();
  /** Arrived, not handed over; null: gone. */
  #waiting = new Map<string, Row | null>();
  /** When the newest news of a key arrived. */
  #heardAt = new Map<string, number>();
  #rowWatchers = new Map<string, Set<Watcher>>();
  #watchers = new Set<Watcher>();

  constructor(pulse: Pulse) {
    this.#pulse = pulse;
    pulse.add(this.#apply);
  }

  /** What is shown. */
  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** What is known, shown or not: what news of a part is joined with. */
  newest(key: string): Row | undefined {
    const waiting = this.#waiting.get(key);
    return waiting === undefined ? this.#rows.get(key) : (waiting ?? undefined);
  }

  entries(): IterableIterator<[string, Row]> {
    return this.#rows.entries();
  }

  get size(): number {
    return this.#rows.size;
  }

  put(key: string, row: Row): void {
    this.#waiting.set(key, row);
    this.#heardAt.set(key, performance.now());
    this.#pulse.arrive();
  }

  remove(key: string): void {
    this.#waiting.set(key, null);
    this.#heardAt.delete(key);
    this.#pulse.arrive();
  }

  /**
   * Take over a whole list that was asked for at `askedAt` (`performance.now()`): rows that it lacks go, except
   * those of which there was news since then; of those the news is kept.
   */
  replace(rows: ReadonlyMap<string, Row>, askedAt: number): void {
    const isNewer = (key: string) => (this.#heardAt.get(key) ?? -1) >= askedAt;
    const known = new Set([...this.#rows.keys(), ...this.#waiting.keys()]);
    for (const key of known) if (!rows.has(key) && !isNewer(key)) this.#waiting.set(key, null);
    for (const [key, row] of rows) if (!isNewer(key)) this.#waiting.set(key, row);
    this.#pulse.beat();
  }

  clear(): void {
    const keys = [...this.#rows.keys()];
    this.#rows.clear();
    this.#waiting.clear();
    this.#heardAt.clear();
    for (const key of keys) this.#tell(key);
    for (const notify of this.#watchers) notify();
  }

  /** Hear when one row has changed, come or gone. */
  watchRow(key: string, watcher: Watcher): () => void {
    const watchers = this.#rowWatchers.get(key) ?? new Set();
    watchers.add(watcher);
    this.#rowWatchers.set(key, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#rowWatchers.delete(key);
    };
  }

  /** Hear, once per beat, that any row has changed. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  #tell(key: string): void {
    for (const notify of this.#rowWatchers.get(key) ?? []) notify();
  }

  #apply = (): void => {
    if (this.#waiting.size === 0) return;
    const changed = this.#waiting;
    this.#waiting = new Map();
    for (const [key, row] of changed) {
      if (row === null) this.#rows.delete(key);
      else this.#rows.set(key, row);
    }
    for (const key of changed.keys()) this.#tell(key);
    for (const notify of this.#watchers) notify();
  };
}
