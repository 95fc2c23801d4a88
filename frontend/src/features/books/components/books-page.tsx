import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { NewPill } from "@/components/live/new-pill";
import { PausedStrip, PauseButton } from "@/components/live/pause-button";
import { StreamNote } from "@/components/live/stream-note";
import { Button, buttonClass } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { plural } from "@/lib/format";
import { useHotkeys } from "@/lib/hotkeys";
import { useAim, useArrangement, useLiveNews } from "@/lib/live/use-live";
import { stepRow } from "@/lib/row-focus";

import { booksOptions } from "../api/get-books";
import { bookRules, isFiltered, type BooksSearch } from "../hooks/books-search";
import { books, hearBook, leaveBooks, pulse } from "../hooks/store";
import { BookFilters } from "./book-filters";
import { BookRow } from "./book-row";

interface BooksPageProps {
  search: BooksSearch;
  onSearch: (next: BooksSearch) => void;
  /** Open an instrument or close it; the same function each time, or every row is drawn anew. */
  onToggle: (symbol: string) => void;
}

function Nothing({ search, onSearch }: Pick<BooksPageProps, "search" | "onSearch">) {
  if (isFiltered(search) && books.size > 0) {
    return <EmptyState title="No book matches these filters" action={<Button onClick={() => onSearch({})}>Clear filters</Button>}>{plural(books.size, "book")} without them.</EmptyState>;
  }
  return (
    <EmptyState title="No quotes yet" action={<Link to="/live" className={buttonClass("solid")}>Look at the venues</Link>}>
      Books fill as soon as a venue quotes. Start the demo with <code>make run</code>, or name venues as <code>MKT_&lt;ID&gt;_*</code> and exchanges as <code>&lt;EXCHANGE&gt;_ENABLED=true</code> and start the desk’s processes.
    </EmptyState>
  );
}

function List({ search, onSearch, onToggle }: BooksPageProps) {
  const { market, search: words, quote, crossed, open } = search;
  const { isAiming, aim } = useAim();
  const rules = useMemo(() => bookRules({ market, search: words, quote, crossed }), [market, words, quote, crossed]);
  const { keys, added, show } = useArrangement(books, rules, isAiming);
  useHotkeys({
    j: () => stepRow(keys, 1),
    ArrowDown: () => stepRow(keys, 1),
    k: () => stepRow(keys, -1),
    ArrowUp: () => stepRow(keys, -1),
    p: () => pulse.pause(!pulse.state().isPaused),
    "/": () => document.querySelector<HTMLInputElement>("#books-search input")?.focus(),
    Escape: () => open && onToggle(open),
  });
  return (
    <>
      <div className="flex min-h-8 items-center gap-3 text-xs text-muted"><span className="num">{plural(keys.length, "book")}</span><NewPill count={added} what="books" onShow={show} /></div>
      <section aria-label="Order books" className="card overflow-hidden" {...aim}>
        {keys.length === 0 ? <Nothing search={search} onSearch={onSearch} /> : (
          <>
            <div aria-hidden className="grid grid-cols-[1.25rem_minmax(0,1fr)_8rem_8rem_11rem_5rem] gap-x-3 border-b bg-sunken px-3 py-2 text-xs font-medium text-muted max-sm:hidden">
              <span /><span>Instrument</span><span className="text-right">Best bid</span><span className="text-right">Best ask</span><span className="text-right">Bid against ask</span><span className="text-right">Age</span>
            </div>
            <ul aria-label="Books">{keys.map((symbol) => <BookRow key={symbol} symbol={symbol} isOpen={symbol === open} onToggle={onToggle} />)}</ul>
          </>
        )}
      </section>
    </>
  );
}

/** The best prices of every instrument at every venue, and the books behind them. */
export function BooksPage({ search, onSearch, onToggle }: BooksPageProps) {
  const query = useQuery(booksOptions());
  useLiveNews(hearBook);
  useEffect(() => leaveBooks, []);
  return (
    <div className="mx-auto max-w-[90rem] space-y-3">
      <PageHeader title="Order books" note={<StreamNote />} actions={<><PauseButton pulse={pulse} /><Link to="/live" search={search.market ? { market: search.market } : {}} className="inline-flex min-h-11 items-center text-xs font-medium text-accent underline sm:min-h-9">Live desk</Link></>} />
      <PausedStrip pulse={pulse} />
      <BookFilters search={search} onSearch={onSearch} />
      <QueryState query={query} skeleton={<div className="card space-y-2 p-4">{Array.from({ length: 8 }, (_, index) => <Skeleton key={index} className="h-10" />)}</div>}>
        {() => <List search={search} onSearch={onSearch} onToggle={onToggle} />}
      </QueryState>
    </div>
  );
}
