import { getRouteApi } from "@tanstack/react-router";

import { ProductOpportunities } from "@/features/opportunities/components/product-opportunities";
import { CurrentPricesPanel } from "@/features/pricing/components/current-prices-panel";
import { PriceHistoryPanel } from "@/features/pricing/components/price-history-panel";
import { ProductPage } from "@/features/products/components/product-page";

const route = getRouteApi("/products/$id");

export function ProductRoute() {
  const { id } = route.useParams();
  return (
    <ProductPage
      key={id}
      id={id}
      prices={(product) => <CurrentPricesPanel productId={product.id} />}
      opportunities={(product) => <ProductOpportunities productId={product.id} />}
      history={(product) => <PriceHistoryPanel productId={product.id} productName={product.name} />}
    />
  );
}
