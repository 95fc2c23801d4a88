import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { openStream, pollEvery, useStream, useStreamRefresh, useStreamState, type StreamEvent } from "./sse";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  send(type: string, data: object) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
  fail(readyState: number) {
    this.readyState = readyState;
    this.onerror?.();
  }
}

const queries = new QueryClient();
let close: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame", "Date"] });
  Object.assign(globalThis, { EventSource: FakeSource });
  FakeSource.made = [];
});

afterEach(() => {
  act(() => close());
  vi.useRealTimers();
  Reflect.deleteProperty(globalThis, "EventSource");
});

function start() {
  close = openStream(queries);
  const source = FakeSource.made[0];
  if (!source) throw new Error("no connection was opened");
  return source;
}

function Watcher({ heard }: { heard: StreamEvent[] }) {
  useStream(["job", "market"], (event) => heard.push(event));
  return <p>{useStreamState().state}</p>;
}

it("hands the wanted topics' events out once per frame and says that it is live", () => {
  const heard: StreamEvent[] = [];
  render(<Watcher heard={heard} />);
  act(() => {
    const source = start();
    source.send("hello", { topics: [], resumed: false });
    source.send("job", { name: "progress", id: "1" });
    source.send("opportunity", { name: "opened", id: "2" });
    source.send("market", { name: "sync" });
    source.dispatchEvent(new MessageEvent("job", { data: "no json" }));
  });
  expect(heard).toEqual([]);

  act(() => void vi.advanceTimersByTime(20));

  expect(heard).toEqual([{ topic: "job", name: "progress", id: "1" }, { topic: "market", name: "sync" }]);
  expect(screen.getByText("live")).toBeInTheDocument();
  expect(pollEvery(1_000)).toBe(4_000);
});

it("reads everything again when it could not take up where it was, or is told to", () => {
  const refetch = vi.spyOn(queries, "invalidateQueries");
  act(() => {
    const source = start();
    source.send("hello", { topics: [], resumed: false });
    expect(refetch).not.toHaveBeenCalled();
    source.send("hello", { topics: [], resumed: true });
    expect(refetch).not.toHaveBeenCalled();
    source.send("hello", { topics: [], resumed: false });
    source.send("resync", {});
  });

  expect(refetch).toHaveBeenCalledTimes(2);
});

it("leaves a broken line to the browser, opens a refused one anew later, and turns stale meanwhile", () => {
  render(<Watcher heard={[]} />);
  let source: FakeSource;
  act(() => {
    source = start();
    source.send("hello", { topics: [], resumed: false });
    source.fail(0);
  });
  expect(screen.getByText("reconnecting")).toBeInTheDocument();
  expect(FakeSource.made).toHaveLength(1);

  act(() => source.fail(FakeSource.CLOSED));
  act(() => void vi.advanceTimersByTime(2_100));
  expect(FakeSource.made).toHaveLength(2);

  act(() => void vi.advanceTimersByTime(20_000));
  expect(screen.getByText("stale")).toBeInTheDocument();
  expect(pollEvery(1_000)).toBe(1_000);

  act(() => FakeSource.made[1]?.send("refused", { code: "too_many_streams", limit: 5 }));
  act(() => void vi.advanceTimersByTime(20_000));
  expect(FakeSource.made).toHaveLength(2);
  act(() => void vi.advanceTimersByTime(41_000));
  expect(FakeSource.made).toHaveLength(3);
});

it("reads queries again at once and then at most once per second", () => {
  const refetch = vi.spyOn(queries, "invalidateQueries");
  function Refresher() {
    useStreamRefresh(["job"], [["jobs"]], (event) => event.name !== "progress");
    return null;
  }
  render(<QueryClientProvider client={queries}><Refresher /></QueryClientProvider>);
  const source = start();
  const tell = (name: string) => act(() => {
    source.send("job", { name });
    vi.advanceTimersByTime(20);
  });

  tell("progress");
  expect(refetch).not.toHaveBeenCalled();
  tell("started");
  tell("ended");
  tell("ended");
  expect(refetch).toHaveBeenCalledTimes(1);

  act(() => void vi.advanceTimersByTime(1_000));
  expect(refetch).toHaveBeenCalledTimes(2);
  act(() => void vi.advanceTimersByTime(5_000));
  expect(refetch).toHaveBeenCalledTimes(2);
});
