// When live figures are drawn. News arrives as fast as it likes and is kept by key; a pulse hands what is newest to
// React a few times a second, less often when drawing takes long, and not at all while somebody has paused the page.

const FASTEST_MS = 100;
const SLOWEST_MS = 500;
/** Drawing may take this share of the time: 1/8. */
const REST_FACTOR = 8;

export interface PauseState {
  isPaused: boolean;
  /** News that came in since then and waits. */
  waiting: number;
}

const RUNNING: PauseState = { isPaused: false, waiting: 0 };

export class Pulse {
  #parts = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pace = FASTEST_MS;
  #pause: PauseState = RUNNING;
  #arrived = 0;
  #watchers = new Set<() => void>();

  /** `apply` hands over what has arrived; called at each beat. */
  add(apply: () => void): void {
    this.#parts.add(apply);
  }

  /** Something has arrived: it is drawn with the next beat. */
  arrive(): void {
    if (this.#pause.isPaused) this.#arrived += 1;
    this.#timer ??= setTimeout(this.#due, this.#pace);
  }

  /** Hand over at once, as when a list was read and a person waits for it. */
  beat = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pause.isPaused) {
      if (this.#pause.waiting !== this.#arrived) this.#set({ isPaused: true, waiting: this.#arrived });
      return;
    }
    const start = performance.now();
    for (const apply of this.#parts) apply();
    // React draws in a microtask after this; what it took is known once the next task runs.
    setTimeout(() => {
      this.#pace = Math.min(SLOWEST_MS, Math.max(FASTEST_MS, (performance.now() - start) * REST_FACTOR));
    }, 0);
  };

  pause(isPaused: boolean): void {
    if (isPaused === this.#pause.isPaused) return;
    this.#arrived = 0;
    this.#set(isPaused ? { isPaused: true, waiting: 0 } : RUNNING);
    if (!isPaused) this.beat();
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  state = (): PauseState => this.#pause;

  #due = (): void => {
    this.#timer = undefined;
    if (document.hidden) this.beat(); // a hidden page has no frames
    else requestAnimationFrame(this.beat);
  };

  #set(next: PauseState): void {
    this.#pause = next;
    for (const notify of this.#watchers) notify();
  }
}
