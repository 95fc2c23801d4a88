import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { CoveragePanel } from "@/features/markets/components/coverage-panel";
import { ReportsPage } from "@/features/reports/components/reports-page";
import { mayActAs } from "@/lib/roles";

import { RoleGate } from "../shell/role-gate";

const route = getRouteApi("/reports");

export function ReportsRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/reports" });
  const { data: session } = useSession();
  return (
    <RoleGate role="viewer" title="Reports">
      <ReportsPage
        search={search}
        onSearch={(next) => void navigate({ search: next, resetScroll: false })}
        isAnalyst={mayActAs("analyst", session)}
        coverage={<CoveragePanel />}
      />
    </RoleGate>
  );
}
