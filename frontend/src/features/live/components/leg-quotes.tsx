import { CheckCircleIcon, ExclamationTriangleIcon } from "@heroicons/react/16/solid";

import { Age } from "@/components/live/age";
import { formatAmount, formatSize, venueName } from "@/lib/instruments";
import { useHasPassed } from "@/lib/live/clock";
import { decimalOf, isRaw, momentOf, textOf, type Raw } from "@/lib/raw";

import type { Spread } from "../api/spread";

interface LegQuoteProps {
  side: "buy" | "sell";
  venue: string;
  currency: string;
  quote: Raw | null;
  isOld: boolean;
}

const SIDES = {
  buy: { verb: "Buy", price: "ask", size: "ask_size", offered: "offered" },
  sell: { verb: "Sell", price: "bid", size: "bid_size", offered: "wanted" },
} as const;

function LegQuote({ side, venue, currency, quote, isOld }: LegQuoteProps) {
  const { verb, price: priceKey, size: sizeKey, offered } = SIDES[side];
  const [price, size, state] = quote ? [decimalOf(quote, priceKey), decimalOf(quote, sizeKey), textOf(quote, "state")] : [null, null, ""];
  const isGood = state === "live" && price !== null && !isOld;
  const Icon = isGood ? CheckCircleIcon : ExclamationTriangleIcon;
  return (
    <li className="num min-w-0 flex-1 rounded-lg border px-3 py-2 text-xs">
      <span className="flex items-center gap-1.5 font-medium">
        <Icon aria-hidden className={`size-3.5 shrink-0 ${isGood ? "text-gain" : "text-loss"}`} />
        {verb} at {venueName(venue)}
      </span>
      {quote ? (
        <span className="mt-0.5 block text-muted">
          {formatAmount(price, currency)}, {size === null ? "size unknown" : `${formatSize(size)} ${offered}`}, seen <Age at={momentOf(quote, "received_at")} />{!isGood && `, ${state === "live" ? "too old" : state}`}
        </span>
      ) : <span className="mt-0.5 block text-loss">no quote now</span>}
    </li>
  );
}

/** What each venue shows at this moment, as the server read it for this dialog. */
export function LegQuotes({ spread, detail }: { spread: Spread; detail: Raw | null }) {
  const isOld = useHasPassed(spread.expiresAt);
  if (!detail) return null;
  if (detail["quotes_readable"] === false) return <p role="status" className="rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">The live quotes cannot be read now; an order would be refused.</p>;
  const quoteOf = (key: string) => (isRaw(detail[key]) ? (detail[key] as Raw) : null);
  return (
    <ul aria-label="Quotes of both legs now" className="flex gap-2 max-sm:flex-col">
      <LegQuote side="buy" venue={spread.buy_venue} currency={spread.currency} quote={quoteOf("buy_quote")} isOld={isOld} />
      <LegQuote side="sell" venue={spread.sell_venue} currency={spread.currency} quote={quoteOf("sell_quote")} isOld={isOld} />
    </ul>
  );
}
