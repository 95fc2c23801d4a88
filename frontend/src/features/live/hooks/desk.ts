// What the control room shows, outside React: fed by the stream, made whole by the API.

import { noteServerTime } from "@/lib/live/clock";
import { LiveLog } from "@/lib/live/log";
import { Pulse } from "@/lib/live/pulse";
import { LiveTable } from "@/lib/live/table";
import { isRaw, momentOf, numberOf, type Raw } from "@/lib/raw";
import type { StreamEvent } from "@/lib/sse";

import { readProcess, type Process } from "../api/process";
import { readSignal, type Signal } from "../api/signal";
import { readSpread, type Spread } from "../api/spread";
import { readVenue, type VenueHealth } from "../api/venue";

/** A route that has closed stays in sight, greyed, for this long: who was about to act on it sees why it went. */
const LINGER_MS = 6_000;
const MOST_SIGNALS = 200;

export const pulse = new Pulse();
export const spreads = new LiveTable<Spread>(pulse);
export const venues = new LiveTable<VenueHealth>(pulse);
export const processes = new LiveTable<Process>(pulse);
export const signals = new LiveLog<Signal>(pulse, (signal) => signal.key, MOST_SIGNALS);

/** The engine tells first, the sink again once it is written down: by then the route may have opened anew. */
function isOverheard(raw: Raw, before: Spread | undefined): boolean {
  const at = momentOf(raw, "at_ms", "closed_at", "last_seen_at");
  return at !== null && before !== undefined && before.seenAt !== null && at < before.seenAt;
}

function hearSpread(raw: Raw): void {
  const id = typeof raw["id"] === "string" ? raw["id"] : "";
  const before = spreads.newest(id);
  const spread = readSpread(raw, before);
  if (!spread || isOverheard(raw, before) || (spread.state === "closed" && !before)) return;
  spreads.put(spread.id, spread);
  const at = momentOf(raw, "at_ms");
  if (at !== null) noteServerTime(at);
  if (spread.state === "open") return;
  setTimeout(() => {
    if (spreads.newest(spread.id)?.state === "closed") spreads.remove(spread.id);
  }, LINGER_MS);
}

function noteAge(raw: Raw): void {
  const [at, age] = [momentOf(raw, "last_quote_at"), numberOf(raw, "age_ms")];
  if (at !== null && age !== null) noteServerTime(at + age);
}

/** One event of the stream, whatever it is about. */
export function hearDesk(event: StreamEvent): void {
  const raw: Raw = event;
  if (event.topic === "spread") hearSpread(raw);
  else if (event.topic === "market") {
    noteAge(raw);
    const code = typeof raw["code"] === "string" ? raw["code"] : "";
    const venue = readVenue(raw, venues.newest(code));
    if (venue) venues.put(venue.code, venue);
  } else if (event.topic === "metrics") {
    const name = typeof raw["process"] === "string" ? raw["process"] : "";
    const process = name && readProcess(raw, processes.newest(name)); // other figures, such as the kill switch, name no process
    if (process) processes.put(name, process);
  } else if (event.topic === "signal") {
    const signal = readSignal(raw);
    if (signal) signals.put(signal);
  }
}

function readAll<Row>(rows: readonly unknown[], read: (raw: Raw) => Row | null, keyOf: (row: Row) => string): Map<string, Row> {
  const found = rows.filter(isRaw).flatMap((raw) => read(raw) ?? []);
  return new Map(found.map((row) => [keyOf(row), row]));
}

/** The list is written a moment after the news: what the stream told of a route since then is newer. */
function newestSpread(raw: Raw): Spread | null {
  const listed = readSpread(raw);
  const known = listed && spreads.newest(listed.id);
  return known && (known.seenAt ?? 0) > (listed.seenAt ?? 0) ? { ...listed, ...known } : listed;
}

/** The whole list of open routes, as asked for at `askedAt`; routes that close just now may linger. */
export function takeSpreads(rows: readonly unknown[], askedAt: number): void {
  const found = readAll(rows, newestSpread, (spread) => spread.id);
  for (const [key, spread] of spreads.entries()) if (spread.state === "closed" && !found.has(key)) found.set(key, spread);
  spreads.replace(found, askedAt);
}

export function takeVenues(rows: readonly unknown[], askedAt: number): void {
  for (const raw of rows) if (isRaw(raw)) noteAge(raw);
  venues.replace(readAll(rows, (raw) => readVenue(raw), (venue) => venue.code), askedAt);
}

export function takeProcesses(rows: readonly unknown[], readAt: number, askedAt: number): void {
  noteServerTime(readAt);
  const read = (raw: Raw) => {
    const age = numberOf(raw, "age_ms");
    const process = readProcess({ ...raw, ...(age !== null && { at: readAt - age }) });
    const before = process && processes.newest(process.name);
    return process && { ...process, latency: process.latency ?? before?.latency ?? null, ticksPerSecond: process.ticksPerSecond ?? before?.ticksPerSecond ?? null };
  };
  processes.replace(readAll(rows, read, (process) => process.name), askedAt);
}

export function takeSignals(rows: readonly unknown[]): void {
  signals.join([...readAll(rows, readSignal, (signal) => signal.key).values()].sort((a, b) => b.at - a.at));
}

/** Nobody looks any more: what is kept would be old when they come back. */
export function leaveDesk(): void {
  pulse.pause(false);
  for (const table of [spreads, venues, processes, signals]) table.clear();
}
