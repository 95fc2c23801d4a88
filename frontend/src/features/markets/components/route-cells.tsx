import type { SourceRoute } from "@/api/types";
import { Freshness } from "@/components/ui/freshness";
import { routeName } from "@/lib/vocabulary";

import { reasonOf, routeState } from "../hooks/route-state";
import { HostChip } from "./host-chip";
import { RouteStateBadge } from "./state-badge";

export function RouteNameCell({ route, place }: { route: SourceRoute; place: number }) {
  return (
    <div className="flex min-w-0 items-start gap-2.5">
      <span aria-hidden className="num grid size-5 shrink-0 place-items-center rounded-full border text-2xs text-muted">{place}</span>
      <div className="min-w-0">
        <p className="text-[0.8125rem] font-medium">{routeName(route.route)}</p>
        <p className="truncate text-2xs text-muted">{route.code}{route.is_opt_in && ", opt-in"}</p>
      </div>
    </div>
  );
}

export function RouteStateCell({ route }: { route: SourceRoute }) {
  const reason = reasonOf(route);
  return (
    <div className="min-w-0">
      <RouteStateBadge state={routeState(route)} />
      {reason && <p className="mt-1 line-clamp-3 text-2xs break-words text-muted" title={reason}>{reason}</p>}
    </div>
  );
}

export function LastSuccessCell({ route }: { route: SourceRoute }) {
  return (
    <div className="text-xs">
      {route.last_success_at ? <Freshness at={route.last_success_at} /> : <span className="text-muted">never</span>}
    </div>
  );
}

export function HostsCell({ route, canReset }: { route: SourceRoute; canReset: boolean }) {
  return (
    <div className="min-w-0 space-y-1">
      {route.hosts.map((host) => <HostChip key={host.key} host={host} canReset={canReset} />)}
    </div>
  );
}
