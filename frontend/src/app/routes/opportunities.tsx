import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { Screener } from "@/features/opportunities/components/screener";

const route = getRouteApi("/opportunities");

export function OpportunitiesRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/opportunities" });
  return (
    <Screener
      search={search}
      onSearch={(next, mode) => void navigate({ search: next, replace: mode === "replace", resetScroll: false })}
    />
  );
}
