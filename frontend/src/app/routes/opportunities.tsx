import { useNavigate } from "@tanstack/react-router";

import { Screener } from "@/features/opportunities/components/screener";

import { opportunitiesRoute } from "../router";

export function OpportunitiesRoute() {
  const search = opportunitiesRoute.useSearch();
  const navigate = useNavigate({ from: "/opportunities" });
  return (
    <Screener
      search={search}
      onSearch={(next, mode) => void navigate({ search: next, replace: mode === "replace", resetScroll: false })}
    />
  );
}
