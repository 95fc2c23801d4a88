import { getRouteApi } from "@tanstack/react-router";

import { OpportunityPage } from "@/features/opportunities/components/opportunity-page";
import { PriceHistoryPanel } from "@/features/pricing/components/price-history-panel";

import { PageCredits } from "../shell/page-credits";

const route = getRouteApi("/opportunities/$id");

export function OpportunityRoute() {
  const { id } = route.useParams();
  return (
    <>
      <OpportunityPage
        key={id}
        id={id}
        prices={({ sealed_product: product }) => <PriceHistoryPanel productId={product.id} productName={product.name} />}
      />
      <PageCredits />
    </>
  );
}
