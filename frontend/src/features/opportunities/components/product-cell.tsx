import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import type { Opportunity } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ProductTile } from "@/components/ui/product-tile";

import { WatchStar } from "./watch-star";

interface ProductCellProps {
  opportunity: Opportunity;
  isCompact: boolean;
  isGone: boolean;
  isAnonymous: boolean;
}

/** What is bought: its tile, its name as the link to the page, the star of the watchlist. */
export function ProductCell({ opportunity, isCompact, isGone, isAnonymous }: ProductCellProps) {
  const { sealed_product: product } = opportunity;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2.5">
      {!isCompact && <ProductTile setCode={product.set_code} category={product.category} />}
      <div className="min-w-0 flex-1">
        <Link
          to="/opportunities/$id"
          params={{ id: opportunity.id }}
          title={[product.name, product.set_name].filter(Boolean).join(", ")}
          className={clsx("font-medium hover:text-accent hover:underline", isCompact ? "block truncate" : "line-clamp-2 leading-4.5")}
        >
          {product.is_demo && <Badge tone="accent" className="mr-1.5 !py-0">demo</Badge>}
          {isGone && <Badge tone="warn" className="mr-1.5 !py-0">gone</Badge>}
          {product.name}
        </Link>
      </div>
      <WatchStar product={product} isAnonymous={isAnonymous} />
    </div>
  );
}
