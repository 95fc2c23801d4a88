import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { ExecutionsPage } from "@/features/executions/components/executions-page";

const route = getRouteApi("/executions");

export function ExecutionsRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/executions" });
  return <ExecutionsPage search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} />;
}
