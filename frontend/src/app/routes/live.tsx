import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { LivePage } from "@/features/live/components/live-page";
import { mayActAs } from "@/lib/roles";

import { useActing } from "./use-acting";

const route = getRouteApi("/live");

export function LiveRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/live" });
  const { data: session } = useSession();
  const { mayTrade, trading } = useActing();
  return (
    <LivePage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
      acting={{ mayTrade, trading, mayOperate: mayActAs("operator", session) }}
    />
  );
}
