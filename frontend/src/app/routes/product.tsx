import { getRouteApi } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { LaunchButton } from "@/features/jobs/components/launch-button";
import { PastOpportunities } from "@/features/opportunities/components/past-opportunities";
import { ProductOpportunities } from "@/features/opportunities/components/product-opportunities";
import { WatchButton } from "@/features/opportunities/components/watch-star";
import { priceKeys } from "@/features/pricing/api/keys";
import { refreshPrices } from "@/features/pricing/api/refresh-prices";
import { CurrentPricesPanel } from "@/features/pricing/components/current-prices-panel";
import { PriceHistoryPanel } from "@/features/pricing/components/price-history-panel";
import { ProductPage } from "@/features/products/components/product-page";
import { mayActAs } from "@/lib/roles";

import { PageCredits } from "../shell/page-credits";

const route = getRouteApi("/products/$id");
const CHANGES = [priceKeys.all, ["opportunities"], ["markets"]] as const;

export function ProductRoute() {
  const { id } = route.useParams();
  const { data: session } = useSession();
  const mayRefresh = mayActAs("analyst", session);
  return (
    <>
      <ProductPage
        key={id}
        id={id}
        actions={(product) => (
          <div className="flex flex-wrap items-center gap-2">
            <WatchButton product={product} isAnonymous={!session?.user} />
            {mayRefresh && product.is_active && <LaunchButton label="Refresh prices" about={product.name} start={() => refreshPrices(product.id)} changes={CHANGES} />}
          </div>
        )}
        prices={(product) => <CurrentPricesPanel productId={product.id} />}
        opportunities={(product) => (
          <>
            <ProductOpportunities productId={product.id} />
            <PastOpportunities productId={product.id} />
          </>
        )}
        history={(product) => <PriceHistoryPanel productId={product.id} productName={product.name} />}
      />
      <PageCredits />
    </>
  );
}
