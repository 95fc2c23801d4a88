import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { ExecutionsPage } from "@/features/executions/components/executions-page";
import { HaltBanner } from "@/features/executions/components/halt-banner";
import { useTradingStatus } from "@/features/system/api/trading-status";

const route = getRouteApi("/executions");

export function ExecutionsRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/executions" });
  const { data: session } = useSession();
  const { data: trading } = useTradingStatus(Boolean(session?.user));
  return (
    <ExecutionsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
      notice={<HaltBanner switches={trading?.switches} />}
    />
  );
}
