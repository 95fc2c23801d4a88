// The page's URL: which books are looked at, and which one is open.

import { DESKS, type Desk } from "@/lib/instruments";
import type { Rules } from "@/lib/live/arrangement";
import { approximate } from "@/lib/decimal";
import { oneOf, text, type RawSearch } from "@/lib/search-params";

import type { Book } from "../api/book";

export interface BooksSearch {
  market?: Desk;
  /** Part of a name: a brand, a coin, a pair. */
  search?: string;
  /** What prices are in. */
  quote?: string;
  /** Only crossed ones. */
  crossed?: "1";
  open?: string;
}

export function parseBooksSearch(raw: RawSearch): BooksSearch {
  const found: BooksSearch = {
    market: oneOf(raw, "market", DESKS.map(({ value }) => value)),
    search: text(raw, "search", 60),
    quote: text(raw, "quote", 12),
    crossed: oneOf(raw, "crossed", ["1"]),
    open: text(raw, "open", 120),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function isFiltered({ market, search, quote, crossed }: BooksSearch): boolean {
  return Boolean(market ?? search ?? quote ?? crossed);
}

/** Which books are shown, by name: a place that never moves. */
export function bookRules({ market, search, quote, crossed }: Pick<BooksSearch, "market" | "search" | "quote" | "crossed">): Rules<Book> {
  const wanted = search?.toLowerCase();
  return {
    accept: (book) =>
      (market === undefined || book.desk === market) &&
      (wanted === undefined || `${book.name} ${book.base}`.toLowerCase().includes(wanted)) &&
      (quote === undefined || book.quote === quote) &&
      (crossed === undefined || book.isCrossed),
    compare: (a, b) =>
      a.desk.localeCompare(b.desk) || a.base.localeCompare(b.base) || a.quote.localeCompare(b.quote) ||
      a.region.localeCompare(b.region) || approximate(a.denomination) - approximate(b.denomination),
  };
}
