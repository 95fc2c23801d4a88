import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { OpportunityPage } from "@/features/opportunities/components/opportunity-page";
import { tabOf } from "@/features/opportunities/hooks/opportunity-tabs";
import { PriceHistoryPanel } from "@/features/pricing/components/price-history-panel";
import { CurrentPricesPanel } from "@/features/pricing/components/current-prices-panel";

import { PageCredits } from "../shell/page-credits";
import { useActing } from "./use-acting";

const route = getRouteApi("/opportunities/$id");

export function OpportunityRoute() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate({ from: "/opportunities/$id" });
  const acting = useActing();
  return (
    <>
      <OpportunityPage
        key={id}
        id={id}
        tab={tabOf(tab)}
        onTab={(next) => void navigate({ search: next === "why" ? {} : { tab: next }, resetScroll: false })}
        acting={acting}
        prices={({ sealed_product: product }) => (
          <div className="space-y-3">
            <PriceHistoryPanel productId={product.id} productName={product.name} />
            <CurrentPricesPanel productId={product.id} />
          </div>
        )}
      />
      <PageCredits />
    </>
  );
}
