import { queryOptions } from "@tanstack/react-query";

import { request } from "@/api/request";
import { isRaw } from "@/lib/raw";
import { pollEvery } from "@/lib/sse";

import { takeBooks } from "../hooks/store";
import { readBook } from "./book";

const LIST_MS = 5_000;
const DEPTH_MS = 2_000;
const PAGE = 200;
const MOST_PAGES = 10;

interface Page {
  next: string | null;
  count: number;
  results: readonly unknown[];
}

async function allPages(signal: AbortSignal): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await request<Page>("get", "/api/v1/books/", { query: { page, page_size: PAGE }, signal });
    rows.push(...answer.results);
    if (!answer.next) break;
  }
  return rows;
}

/** All books, read into the live table; always asked anew, as a table that was left is empty. */
export function booksOptions() {
  return queryOptions({
    queryKey: ["books", "list"],
    queryFn: async ({ signal }) => {
      const askedAt = performance.now();
      const rows = await allPages(signal);
      takeBooks(rows, askedAt);
      return { count: rows.length };
    },
    staleTime: 0,
    gcTime: 0,
    refetchInterval: () => pollEvery(LIST_MS),
  });
}

/** One instrument with the levels of every venue that shows them, read again while it is open. */
export function depthOptions(symbol: string, isFrozen: boolean) {
  return queryOptions({
    queryKey: ["books", "depth", symbol],
    queryFn: async ({ signal }) => {
      const page = await request<Page>("get", "/api/v1/books/", { query: { symbol, depth: 1 }, signal });
      const [first] = page.results;
      return isRaw(first) ? readBook(first) : null;
    },
    staleTime: 0,
    gcTime: 10_000,
    refetchInterval: isFrozen ? false : DEPTH_MS,
  });
}
