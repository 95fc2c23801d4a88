import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { FakeSource } from "@/testing/fake-source";

import { listenLive, openStream, type StreamEvent } from "./sse";

let close: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  FakeSource.made = [];
  Object.assign(globalThis, { EventSource: FakeSource });
});

afterEach(() => {
  close();
  vi.runAllTimers();
  vi.useRealTimers();
  Reflect.deleteProperty(globalThis, "EventSource");
});

it("asks for live topics while somebody listens, over the one connection", () => {
  close = openStream(new QueryClient());
  expect(FakeSource.latest.url).not.toContain("spread");
  const heard: StreamEvent[] = [];

  const leave = listenLive((event) => heard.push(event));
  expect(FakeSource.latest.url).toContain("spread");
  expect(FakeSource.made.filter(({ readyState }) => readyState !== FakeSource.CLOSED)).toHaveLength(1);
  FakeSource.latest.send("spread", { name: "open", id: "1" });
  FakeSource.latest.send("market", { name: "health", code: "okx" });
  FakeSource.latest.send("market", { name: "kill_switch_engaged" });
  expect(heard.map(({ topic, name }) => `${topic} ${name}`)).toEqual(["spread open", "market health"]);

  leave();
  const comeBack = listenLive(() => undefined); // the next live page
  vi.advanceTimersByTime(10_000);
  expect(FakeSource.made).toHaveLength(2);

  comeBack();
  vi.advanceTimersByTime(10_000);
  expect(FakeSource.latest.url).not.toContain("spread");
});
