import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { ExecutionPage, executionTabOf } from "@/features/executions/components/execution-page";
import { mayActAs } from "@/lib/roles";

import { PageCredits } from "../shell/page-credits";

const route = getRouteApi("/executions/$id");

export function ExecutionRoute() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = useNavigate({ from: "/executions/$id" });
  const { data: session } = useSession();
  return (
    <>
      <ExecutionPage
        key={id}
        id={id}
        tab={executionTabOf(tab)}
        onTab={(next) => void navigate({ search: next === "cards" ? {} : { tab: next }, resetScroll: false })}
        mayTrade={mayActAs("trader", session)}
      />
      <PageCredits />
    </>
  );
}
