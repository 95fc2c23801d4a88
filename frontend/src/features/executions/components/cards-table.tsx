import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Money } from "@/components/ui/money";
import { formatCount, formatDecimal, humanise, MISSING } from "@/lib/format";

import type { ComparedCard } from "../api/shapes";

const AT_FIRST = 50;

/** "2.50", but never "0" for what can happen. */
function expectedText(copies: string): string {
  const text = formatDecimal(copies, 2);
  return text === "0" && !/^0*\.?0*$/.test(copies) ? "< 0.01" : text;
}

function CardName({ card }: { card: ComparedCard }) {
  return (
    <>
      <Link to="/products/$id" params={{ id: card.product.id }} className="block truncate font-medium hover:text-accent hover:underline">{card.product.name}</Link>
      <span className="flex items-center gap-1.5 text-2xs text-muted">
        <span className="num uppercase">{[card.product.set_code, card.product.number].filter(Boolean).join(" ")}</span>
        {card.finish && card.finish !== "nonfoil" && <Badge tone="accent" className="!py-0">{humanise(card.finish)}</Badge>}
        {!card.is_counted && <span>below the floor</span>}
      </span>
    </>
  );
}

const RIGHT = "border-b px-2 py-1.5 text-right whitespace-nowrap num";

/** Expected copies, pulled, sold; the model's price and what was paid. */
export function CardsTable({ cards, currency }: { cards: readonly ComparedCard[]; currency: string }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? cards : cards.slice(0, AT_FIRST);
  return (
    <div role="region" tabIndex={0} aria-label="Cards, scrollable" className="-mx-4 max-h-[40rem] overflow-auto border-t sm:-mx-5">
      <table aria-label="Cards" className="w-full border-separate border-spacing-0 text-[0.8125rem]">
        <thead className="sticky top-0 z-10 text-xs text-muted [&_th]:border-b [&_th]:bg-sunken [&_th]:px-2 [&_th]:py-2 [&_th]:font-medium">
          <tr>
            <th scope="col" className="!pl-4 text-left sm:!pl-5">Card</th>
            <th scope="col" className="text-right" title="Average over many openings">Expected</th>
            <th scope="col" className="text-right">Pulled</th>
            <th scope="col" className="text-right">Sold</th>
            <th scope="col" className="text-right max-sm:hidden" title="Market price of one copy when opened">Model price</th>
            <th scope="col" className="text-right" title="Of one sold copy, before fees">Sold at</th>
            <th scope="col" className="!pr-4 text-right max-sm:hidden sm:!pr-5" title="Of all sold copies, after fees and postage">Net</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((card) => (
            <tr key={`${card.product.id} ${card.finish}`} className={clsx("hover:bg-sunken", card.pulled === 0 && "text-muted")}>
              <th scope="row" className="w-full max-w-0 min-w-36 border-b py-1.5 pr-2 pl-4 text-left font-normal sm:pl-5"><CardName card={card} /></th>
              <td className={RIGHT}>{expectedText(card.expected_copies)}</td>
              <td className={clsx(RIGHT, "font-semibold")}>{card.pulled || MISSING}</td>
              <td className={RIGHT}>{card.sold || MISSING}</td>
              <td className={clsx(RIGHT, "max-sm:hidden")}><Money amount={card.model_price} currency={currency} /></td>
              <td className={RIGHT}><Money amount={card.average_price} currency={currency} /></td>
              <td className={clsx(RIGHT, "!pr-4 max-sm:hidden sm:!pr-5")}><Money amount={card.sold > 0 ? card.net : null} currency={currency} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < cards.length && (
        <div className="p-3 text-center"><Button onClick={() => setWhole(true)}>Show all {formatCount(cards.length)} cards</Button></div>
      )}
    </div>
  );
}
