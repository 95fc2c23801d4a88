// An EventSource that a test speaks through.

export class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }

  /** The connection in use. */
  static get latest(): FakeSource {
    const found = FakeSource.made.findLast(({ readyState }) => readyState !== FakeSource.CLOSED);
    if (!found) throw new Error("no connection is open");
    return found;
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }

  send(type: string, data: object) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}
