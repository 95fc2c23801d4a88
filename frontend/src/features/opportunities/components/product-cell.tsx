import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import type { Opportunity } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ProductTile } from "@/components/ui/product-tile";

import { Flags } from "./flags";
import { WatchStar } from "./watch-star";

interface ProductCellProps {
  opportunity: Opportunity;
  isCompact: boolean;
  isGone: boolean;
  isAnonymous: boolean;
  /** Show the warnings here, because they have no column of their own. */
  withFlags: boolean;
}

/** The tile, and under it what kind of row this is. */
function Tile({ opportunity }: { opportunity: Opportunity }) {
  const { sealed_product: product } = opportunity;
  return (
    <span className="flex shrink-0 flex-col items-center">
      <ProductTile setCode={product.set_code} category={product.category} />
      {product.is_demo && <span className="text-[0.625rem] leading-3 font-semibold text-accent">demo</span>}
    </span>
  );
}

/** What is bought: its tile, its name as the link to the page, its warnings, the star of the watchlist. */
export function ProductCell({ opportunity, isCompact, isGone, isAnonymous, withFlags }: ProductCellProps) {
  const { sealed_product: product, flags, needs_review: needsReview } = opportunity;
  const hasWarnings = withFlags && (flags.length > 0 || needsReview);
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2.5">
      {!isCompact && <Tile opportunity={opportunity} />}
      <div className="min-w-0 flex-1">
        <Link
          to="/opportunities/$id"
          params={{ id: opportunity.id }}
          title={[product.name, product.set_name].filter(Boolean).join(", ")}
          className={clsx("font-medium hover:text-accent hover:underline", isCompact ? "block truncate" : "line-clamp-2 leading-4.5")}
        >
          {isGone && <Badge tone="warn" className="mr-1.5 !py-0">gone</Badge>}
          {isCompact && product.is_demo && <Badge tone="accent" className="mr-1.5 !py-0">demo</Badge>}
          {product.name}
        </Link>
        {!isCompact && hasWarnings && <span className="mt-0.5 block leading-4 [&_span]:!py-0"><Flags flags={flags} needsReview={needsReview} limit={1} /></span>}
      </div>
      <WatchStar product={product} isAnonymous={isAnonymous} />
    </div>
  );
}
