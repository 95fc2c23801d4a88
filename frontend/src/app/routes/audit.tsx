import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { AuditPage } from "@/features/audit/components/audit-page";
import { useSession } from "@/features/auth/api/session";
import { mayActAs } from "@/lib/roles";

import { RoleGate } from "../shell/role-gate";

const route = getRouteApi("/audit");

export function AuditRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/audit" });
  const { data: session } = useSession();
  return (
    <RoleGate role="analyst" title="Audit">
      <AuditPage search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} mayExport={mayActAs("operator", session)} />
    </RoleGate>
  );
}
