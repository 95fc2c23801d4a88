import { ChevronRightIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";
import { memo } from "react";

import { Age } from "@/components/live/age";
import { Badge } from "@/components/ui/badge";
import { approximate } from "@/lib/decimal";
import { plural } from "@/lib/format";
import { useHasPassed } from "@/lib/live/clock";
import { useLiveRow } from "@/lib/live/use-live";

import { LIMITS, type Book } from "../api/book";
import { books } from "../hooks/store";
import { BestPrice } from "./quote-cells";
import { VenueTable } from "./venue-table";

interface BookRowProps {
  symbol: string;
  isOpen: boolean;
  onToggle: (symbol: string) => void;
}

/** Between best ask and best bid, in basis points of the ask; above zero it is crossed. */
function gapBps({ bestBid, bestAsk }: Book): number | null {
  if (!bestBid || !bestAsk) return null;
  const ask = approximate(bestAsk.price);
  return ask > 0 ? ((approximate(bestBid.price) - ask) / ask) * 10_000 : null;
}

function Gap({ book }: { book: Book }) {
  const gap = gapBps(book);
  if (gap === null) return <span className="text-2xs text-muted">one-sided</span>;
  const text = `${gap > 0 ? "+" : "−"}${Math.abs(gap).toFixed(1)} bps`;
  if (!book.isCrossed) return <span className="num text-xs whitespace-nowrap text-muted">{text}</span>;
  return <Badge tone="accent" title="A venue bids more than another asks, before any fee">Crossed {text} gross</Badge>;
}

function newestOf(venues: Book["venues"]): number | null {
  const times = venues.flatMap(({ receivedAt }) => receivedAt ?? []);
  return times.length > 0 ? Math.max(...times) : null;
}

function Content({ book, isOpen, onToggle }: Omit<BookRowProps, "symbol"> & { book: Book }) {
  const live = book.venues.filter(({ state }) => state === "live");
  const newest = newestOf(live);
  const isOld = useHasPassed(newest === null ? 0 : newest + LIMITS[book.desk]);
  const isGated = book.venues.length > 0 && book.venues.every(({ state }) => state === "gated");
  const dim = isOld && "opacity-55 grayscale";
  return (
    <li className="border-b last:border-0">
      <button
        type="button"
        id={`row-${book.symbol}`}
        aria-expanded={isOpen}
        onClick={() => onToggle(book.symbol)}
        className="grid w-full grid-cols-[1.25rem_minmax(0,1fr)_auto_auto] items-center gap-x-3 gap-y-1 px-3 py-2 text-left text-[0.8125rem] hover:bg-sunken sm:grid-cols-[1.25rem_minmax(0,1fr)_8rem_8rem_11rem_5rem]"
      >
        <ChevronRightIcon aria-hidden className={clsx("size-4 text-muted transition-transform", isOpen && "rotate-90")} />
        <span className={clsx("min-w-0", dim)}>
          <span className="block truncate font-medium">{book.name}</span>
          <span className="block text-2xs text-muted">{live.length === book.venues.length ? plural(live.length, "venue") : `${live.length} of ${plural(book.venues.length, "venue")} live`}</span>
        </span>
        <span className={clsx(dim)}><BestPrice best={book.bestBid} tone="gain" /></span>
        <span className={clsx(dim)}><BestPrice best={book.bestAsk} tone="loss" /></span>
        <span className={clsx("text-right max-sm:col-span-3 max-sm:col-start-2 max-sm:text-left", dim)}>{isGated ? <Badge tone="warn" title="Outside the allowed regions or currencies: never compared">Gated</Badge> : isOld ? <Badge tone="loss" title="No quote is fresh: nothing here is compared">Stale</Badge> : <Gap book={book} />}</span>
        <span className="text-right text-xs text-muted max-sm:hidden"><Age at={newest ?? newestOf(book.venues)} /></span>
      </button>
      {isOpen && <VenueTable book={book} />}
    </li>
  );
}

/** One instrument; only a change of its own book draws it again. */
export const BookRow = memo(function BookRow({ symbol, ...rest }: BookRowProps) {
  const book = useLiveRow(books, symbol);
  return book ? <Content book={book} {...rest} /> : null;
});
