import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { Screener } from "@/features/opportunities/components/screener";

import { PageCredits } from "../shell/page-credits";
import { useActing } from "./use-acting";

const route = getRouteApi("/opportunities");

export function OpportunitiesRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/opportunities" });
  const acting = useActing();
  return (
    <div className="flex flex-col gap-1 sm:h-full">
      <div className="min-h-0 sm:flex-1">
        <Screener
          search={search}
          acting={acting}
          onSearch={(next, mode) => void navigate({ search: next, replace: mode === "replace", resetScroll: false })}
        />
      </div>
      <PageCredits />
    </div>
  );
}
