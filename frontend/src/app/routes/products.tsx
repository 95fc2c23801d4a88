import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { WatchStar } from "@/features/opportunities/components/watch-star";
import { ProductList } from "@/features/products/components/product-list";

const route = getRouteApi("/products");

export function ProductsRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/products" });
  const { data: session } = useSession();
  return (
    <ProductList
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
      watch={session?.user ? (product) => <WatchStar product={product} /> : undefined}
    />
  );
}
