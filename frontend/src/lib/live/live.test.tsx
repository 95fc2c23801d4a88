import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Arrangement } from "./arrangement";
import { LiveLog } from "./log";
import { Pulse } from "./pulse";
import { LiveTable } from "./table";
import { useArrangement, useLiveRow, usePause } from "./use-live";

interface Row {
  value: number;
}

const RULES = { accept: () => true, compare: (a: Row, b: Row) => b.value - a.value };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function makeTable() {
  const pulse = new Pulse();
  return { pulse, table: new LiveTable<Row>(pulse) };
}

it("draws 10,000 events a few times a second, and only the rows that they are about", () => {
  const { table } = makeTable();
  const drawn = new Map<string, number>();
  let lists = 0;
  const ids = Array.from({ length: 100 }, (_, index) => `row-${index}`);
  for (const [index, id] of ids.entries()) table.put(id, { value: 1_000 - index });
  vi.advanceTimersByTime(200);

  function Line({ id }: { id: string }) {
    const row = useLiveRow(table, id);
    drawn.set(id, (drawn.get(id) ?? 0) + 1);
    return <li>{row?.value}</li>;
  }
  function List() {
    const { keys } = useArrangement(table, RULES, true);
    lists += 1;
    return <ul>{keys.map((id) => <Line key={id} id={id} />)}</ul>;
  }
  render(<List />);
  const listsBefore = lists;
  drawn.clear();

  // 10 s at 1,000 a second, all about the first half of the rows
  for (let event = 0; event < 10_000; event += 1) {
    table.put(ids[event % 50] ?? "", { value: event });
    if (event % 10 === 9) act(() => void vi.advanceTimersByTime(10));
  }
  act(() => void vi.advanceTimersByTime(1_000));

  const most = Math.max(...drawn.values());
  expect(drawn.size).toBe(50);
  expect(most).toBeLessThanOrEqual(100); // 10 Hz
  expect(most).toBeGreaterThan(10);
  expect(lists).toBe(listsBefore); // the order is held: the list itself is not drawn again
  expect(screen.getByText("9999")).toBeInTheDocument();
});

it("keeps what arrives during a pause, counts it, and shows the newest of it afterwards", () => {
  const { pulse, table } = makeTable();
  table.put("a", { value: 1 });
  vi.advanceTimersByTime(200);
  function View() {
    const { isPaused, waiting } = usePause(pulse);
    return <p>{`${useLiveRow(table, "a")?.value} ${isPaused ? `paused, ${waiting}` : "running"}`}</p>;
  }
  render(<View />);

  act(() => pulse.pause(true));
  act(() => {
    for (const value of [2, 3, 4]) table.put("a", { value });
    vi.advanceTimersByTime(200);
  });
  expect(screen.getByText("1 paused, 3")).toBeInTheDocument();

  act(() => pulse.pause(false));
  expect(screen.getByText("4 running")).toBeInTheDocument();
});

it("takes over a list without losing what was heard after it was asked for", () => {
  const { table } = makeTable();
  table.put("old", { value: 1 });
  table.put("changed", { value: 1 });
  vi.advanceTimersByTime(200);
  const askedAt = performance.now();
  vi.advanceTimersByTime(5);
  table.put("changed", { value: 2 });
  table.put("new", { value: 2 });

  table.replace(new Map([["changed", { value: 1 }], ["listed", { value: 1 }]]), askedAt);

  expect(Object.fromEntries(table.entries())).toEqual({ changed: { value: 2 }, new: { value: 2 }, listed: { value: 1 } });
});

it("holds the order while somebody aims, tells how many rows wait, and arranges afterwards", () => {
  const { table } = makeTable();
  table.put("a", { value: 2 });
  table.put("b", { value: 1 });
  vi.advanceTimersByTime(200);
  const arrangement = new Arrangement(table, RULES);
  const leave = arrangement.subscribe(() => undefined);
  arrangement.hold(true);

  table.put("b", { value: 9 });
  table.put("c", { value: 5 });
  vi.advanceTimersByTime(5_000);
  expect(arrangement.state()).toEqual({ keys: ["a", "b"], added: 1, isHeld: true });

  arrangement.arrange();
  expect(arrangement.state().keys).toEqual(["b", "c", "a"]);
  table.put("a", { value: 10 });
  vi.advanceTimersByTime(5_000);
  arrangement.hold(false);
  expect(arrangement.state()).toEqual({ keys: ["a", "b", "c"], added: 0, isHeld: false });
  leave();
});

it("feeds a log once per thing, newest first, and lets it wait while it is held", () => {
  const pulse = new Pulse();
  const log = new LiveLog<{ key: string }>(pulse, ({ key }) => key, 3);
  log.put({ key: "b" });
  log.join([{ key: "b" }, { key: "a" }]);
  expect(log.state().items.map(({ key }) => key)).toEqual(["b", "a"]);

  log.hold(true);
  log.put({ key: "c" });
  log.put({ key: "d" });
  vi.advanceTimersByTime(200);
  expect(log.state()).toMatchObject({ waiting: 2, items: [{ key: "b" }, { key: "a" }] });

  log.hold(false);
  expect(log.state()).toEqual({ waiting: 0, items: [{ key: "d" }, { key: "c" }, { key: "b" }] });
});
