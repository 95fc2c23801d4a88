import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";

import type { Product } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ProductTile } from "@/components/ui/product-tile";
import { humanise } from "@/lib/format";
import { formatDate } from "@/lib/time";
import { categoryName } from "@/lib/vocabulary";

function kindOf(product: Product): string {
  if (product.product_type === "sealed") return humanise(product.sealed_kind) || "Sealed";
  return humanise(product.rarity) || "Single";
}

/** One line per product, the same on every width: details give way on narrow screens. */
export function ProductRows({ rows, isPending, watch }: { rows: readonly Product[]; isPending: boolean; watch?: (product: Product) => ReactNode }) {
  return (
    <ul aria-label="Products" aria-busy={isPending} className={clsx(isPending && "opacity-60")}>
      {rows.map((product) => (
        <li key={product.id} className="flex items-center border-b pr-2 hover:bg-sunken">
          <Link to="/products/$id" params={{ id: product.id }} className="flex min-w-0 flex-1 items-center gap-3 py-2 pr-2 pl-4 text-[0.8125rem]">
            <ProductTile setCode={product.set_code} category={product.category} />
            <span className="min-w-0 flex-1">
              <span className="flex items-center gap-2">
                <span className="truncate font-medium">{product.name}</span>
                {product.is_demo && <Badge tone="accent" className="!py-0">demo</Badge>}
              </span>
              <span className="block truncate text-2xs text-muted">
                {[product.set_name, product.number && `#${product.number}`, categoryName(product.category)].filter(Boolean).join(" · ")}
              </span>
            </span>
            <span className="hidden gap-1 lg:flex">
              {product.finishes.filter((finish) => finish !== "nonfoil").map((finish) => <Badge key={finish}>{humanise(finish)}</Badge>)}
            </span>
            <span className="w-28 shrink-0 text-right text-xs text-muted max-sm:w-20">{kindOf(product)}</span>
            <span className="num w-24 shrink-0 text-right text-xs text-muted max-md:hidden">{formatDate(product.released_on)}</span>
          </Link>
          {watch?.(product)}
        </li>
      ))}
    </ul>
  );
}
