import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { ProductList } from "@/features/products/components/product-list";

const route = getRouteApi("/products");

export function ProductsRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/products" });
  return <ProductList search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} />;
}
