import clsx from "clsx";

import type { Price } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Freshness, Moment } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { formatFraction, humanise } from "@/lib/format";
import { priceTypeName, routeName, sourceName } from "@/lib/vocabulary";

import { usePrices } from "../api/list-prices";

const HEADS = ["Source", "Type", "Variant", "Price", "Route", "Quality", "Fetched", "Age"] as const;

/** A sealed product has no finish worth naming. */
function variantOf({ finish, condition }: Price): string {
  const parts = condition === "unopened" ? [condition] : [finish, condition];
  return parts.map(humanise).join(", ");
}

function Row({ price }: { price: Price }) {
  return (
    <tr className="border-t hover:bg-sunken">
      <td className="px-4 py-2 sm:px-5">{sourceName(price.source)}</td>
      <td className="px-2 py-2 whitespace-nowrap">{priceTypeName(price.price_type)}</td>
      <td className="px-2 py-2 text-xs text-muted">{variantOf(price)}</td>
      <td className="px-2 py-2 text-right font-medium"><Money amount={price.price} currency={price.currency} /></td>
      <td className="px-2 py-2 text-xs whitespace-nowrap" title={price.parser && `Read by ${price.parser}`}>{routeName(price.route)}</td>
      <td className="px-2 py-2 text-xs whitespace-nowrap" title={`Trust in the source: ${price.confidence_level}`}>
        <span className="num">{formatFraction(price.data_source_quality, 0)}</span> <span className="text-muted">{price.confidence_level}</span>
      </td>
      <td className="px-2 py-2 text-xs whitespace-nowrap text-muted"><Moment at={price.fetched_at} /></td>
      <td className="px-4 py-2 text-xs whitespace-nowrap sm:px-5">
        <Freshness at={price.recorded_at} />
        {price.is_stale && <Badge tone="warn" className="ml-2 !py-0">not used</Badge>}
      </td>
    </tr>
  );
}

/** The newest accepted price of each source and variant. */
export function CurrentPricesPanel({ productId }: { productId: string }) {
  const query = usePrices(productId);
  return (
    <Section title="Current prices" note="The newest accepted price per source and variant." bodyClass="pb-2">
      <QueryState
        query={query}
        skeleton={<div className="p-4"><Skeleton className="h-40" /></div>}
        empty={(data) => data.results.length === 0 && <EmptyState title="No prices yet">Import a price file for this game.</EmptyState>}
      >
        {(data) => (
          <div role="group" aria-label="Current prices, scrolls sideways" tabIndex={0} className="relative overflow-x-auto">
            <table aria-label="Current prices" className="w-full text-[0.8125rem]">
              <thead className="text-left text-xs text-muted">
                <tr>
                  {HEADS.map((head) => (
                    <th key={head} scope="col" className={clsx("px-2 py-1.5 font-medium first:pl-4 last:px-4 sm:first:pl-5 sm:last:px-5", head === "Price" && "text-right")}>{head}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.results.map((price) => (
                  <Row key={[price.source, price.price_type, price.finish, price.condition].join()} price={price} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryState>
    </Section>
  );
}
