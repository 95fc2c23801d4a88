import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";

import { messageOf } from "@/api/problem";
import { Age } from "@/components/live/age";
import { approximate } from "@/lib/decimal";
import { formatPrice, formatSize, venueName } from "@/lib/instruments";
import { usePause } from "@/lib/live/use-live";

import { LIMITS, type Book, type Level, type VenueQuote } from "../api/book";
import { depthOptions } from "../api/get-books";
import { pulse } from "../hooks/store";
import { Price, QuoteStateBadge, useQuoteState } from "./quote-cells";

interface VenueRowProps {
  quote: VenueQuote;
  book: Book;
}

function VenueRow({ quote, book }: VenueRowProps) {
  const state = useQuoteState(quote, LIMITS[book.desk]);
  const isUsed = state === "live";
  return (
    <tr className={clsx(!isUsed && "opacity-55 grayscale")}>
      <th scope="row" className="border-b border-line/60 py-1.5 pr-2 text-left font-medium">{venueName(quote.venue)}</th>
      <td className="border-b border-line/60 px-2 py-1.5 text-right text-gain"><Price price={quote.bid} size={quote.bidSize} isBest={isUsed && book.bestBid?.venue === quote.venue} /></td>
      <td className="border-b border-line/60 px-2 py-1.5 text-right text-loss"><Price price={quote.ask} size={quote.askSize} isBest={isUsed && book.bestAsk?.venue === quote.venue} /></td>
      <td className="border-b border-line/60 py-1.5 pl-2 text-right text-xs">
        <span className="flex flex-wrap items-center justify-end gap-1.5"><Age at={quote.receivedAt} /><QuoteStateBadge state={state} /></span>
      </td>
    </tr>
  );
}

function Ladder({ name, levels, tone }: { name: string; levels: readonly Level[]; tone: "gain" | "loss" }) {
  const most = Math.max(0, ...levels.map(([, size]) => approximate(size)));
  return (
    <ol aria-label={name} className="num min-w-0 flex-1 text-xs">
      {levels.map(([price, size]) => (
        <li key={price} className="relative flex justify-between gap-3 px-1.5 py-0.5">
          <span aria-hidden className={clsx("absolute inset-y-px right-0 rounded-sm", tone === "gain" ? "bg-gain-soft" : "bg-loss-soft")} style={{ width: `${most === 0 ? 0 : (approximate(size) / most) * 100}%` }} />
          <span className={clsx("relative", tone === "gain" ? "text-gain" : "text-loss")}>{formatPrice(price)}</span>
          <span className="relative">{formatSize(size)}</span>
        </li>
      ))}
    </ol>
  );
}

function Depth({ symbol }: { symbol: string }) {
  const { isPaused } = usePause(pulse);
  const query = useQuery(depthOptions(symbol, isPaused));
  if (query.isError && !query.data) return <p role="alert" className="text-xs text-loss">The depth cannot be read: {messageOf(query.error)}</p>;
  if (query.isPending) return <p role="status" className="text-xs text-muted">Loading the depth</p>;
  const deep = query.data?.venues.filter(({ bids, asks }) => bids.length + asks.length > 0) ?? [];
  if (deep.length === 0) return <p className="text-xs text-muted">No venue shows more than its best price.</p>;
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {deep.map(({ venue, bids, asks }) => (
        <div key={venue} className="min-w-0">
          <p className="mb-1 text-2xs font-semibold text-muted">{venueName(venue)}: bids, asks</p>
          <div className="flex gap-2"><Ladder name={`Bids at ${venueName(venue)}`} levels={bids} tone="gain" /><Ladder name={`Asks at ${venueName(venue)}`} levels={asks} tone="loss" /></div>
        </div>
      ))}
    </div>
  );
}

/** Every venue's quote of one instrument, and the levels behind it. */
export function VenueTable({ book }: { book: Book }) {
  return (
    <div className="space-y-3 bg-sunken/60 px-4 py-3">
      <table aria-label={`Quotes of ${book.name}`} className="w-full max-w-2xl border-separate border-spacing-0 text-[0.8125rem]">
        <thead className="text-2xs text-muted">
          <tr>
            <th scope="col" className="py-1 text-left font-medium">Venue</th>
            <th scope="col" className="px-2 py-1 text-right font-medium" title="What it pays us">Bid, {book.quote}</th>
            <th scope="col" className="px-2 py-1 text-right font-medium" title="What it asks of us">Ask, {book.quote}</th>
            <th scope="col" className="py-1 text-right font-medium">Age</th>
          </tr>
        </thead>
        <tbody>{book.venues.map((quote) => <VenueRow key={quote.venue} quote={quote} book={book} />)}</tbody>
      </table>
      <Depth symbol={book.symbol} />
    </div>
  );
}
