import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { AlertsPage } from "@/features/alerts/components/alerts-page";
import { useSession } from "@/features/auth/api/session";

import { RoleGate } from "../shell/role-gate";

const route = getRouteApi("/alerts");

export function AlertsRoute() {
  const { tab } = route.useSearch();
  const navigate = useNavigate({ from: "/alerts" });
  const { data } = useSession();
  return (
    <RoleGate role="viewer" title="Alerts">
      <AlertsPage tab={tab} onTab={(next) => void navigate({ search: next ? { tab: next } : {} })} timeZone={data?.user?.time_zone ?? "UTC"} />
    </RoleGate>
  );
}
