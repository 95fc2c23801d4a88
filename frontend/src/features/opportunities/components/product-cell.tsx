import { Link } from "@tanstack/react-router";

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

function Marks({ opportunity, isGone }: Pick<ProductCellProps, "opportunity" | "isGone">) {
  return (
    <>
      {isGone && <Badge tone="warn" className="!py-0">gone</Badge>}
      {opportunity.sealed_product.is_demo && <Badge tone="accent" className="!py-0">demo</Badge>}
    </>
  );
}

/** What is bought: its tile, its name as the link to the page, its set and warnings, the star of the watchlist. */
export function ProductCell({ opportunity, isCompact, isGone, isAnonymous, withFlags }: ProductCellProps) {
  const { sealed_product: product, flags, needs_review: needsReview } = opportunity;
  const warnings = withFlags && (flags.length > 0 || needsReview) && <Flags flags={flags} needsReview={needsReview} limit={1} />;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-2.5">
      {!isCompact && <ProductTile setCode={product.set_code} category={product.category} />}
      <div className="min-w-0 flex-1">
        <span className="flex min-w-0 items-center gap-1.5">
          <Link
            to="/opportunities/$id"
            params={{ id: opportunity.id }}
            title={[product.name, product.set_name].filter(Boolean).join(", ")}
            className="block truncate font-medium hover:text-accent hover:underline"
          >
            {product.name}
          </Link>
          {isCompact && <Marks opportunity={opportunity} isGone={isGone} />}
        </span>
        {!isCompact && (
          <span className="flex h-5 min-w-0 items-center gap-1.5 text-2xs text-muted">
            <Marks opportunity={opportunity} isGone={isGone} />
            {warnings || <span className="truncate">{product.set_name}</span>}
          </span>
        )}
      </div>
      <WatchStar product={product} isAnonymous={isAnonymous} />
    </div>
  );
}
