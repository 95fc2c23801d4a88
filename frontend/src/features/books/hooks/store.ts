// Books outside React: fed by the stream, made whole by the API.

import { Pulse } from "@/lib/live/pulse";
import { noteServerTime } from "@/lib/live/clock";
import { LiveTable } from "@/lib/live/table";
import { isRaw, listOf, momentOf, numberOf, type Raw } from "@/lib/raw";
import type { StreamEvent } from "@/lib/sse";

import { readBook, type Book } from "../api/book";

export const pulse = new Pulse();
export const books = new LiveTable<Book>(pulse);

export function hearBook(event: StreamEvent): void {
  if (event.topic !== "quote") return;
  const book = readBook(event as Raw);
  if (book) books.put(book.symbol, book);
}

function noteAges(raw: Raw): void {
  for (const venue of listOf(raw, "venues")) {
    const [at, age] = [momentOf(venue, "received_at", "received_ms"), numberOf(venue, "age_ms")];
    if (at !== null && age !== null) noteServerTime(at + age);
  }
}

/** The whole list, as asked for at `askedAt`. */
export function takeBooks(rows: readonly unknown[], askedAt: number): void {
  const found = rows.filter(isRaw).flatMap((raw) => {
    noteAges(raw);
    return readBook(raw) ?? [];
  });
  books.replace(new Map(found.map((book) => [book.symbol, book])), askedAt);
}

export function leaveBooks(): void {
  pulse.pause(false);
  books.clear();
}
