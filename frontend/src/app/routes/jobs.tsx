import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { JobsPage } from "@/features/jobs/components/jobs-page";
import { mayActAs } from "@/lib/roles";

const route = getRouteApi("/jobs");

export function JobsRoute() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/jobs" });
  const { data: session } = useSession();
  return (
    <JobsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
      rights={{ isOperator: mayActAs("operator", session), username: session?.user?.username ?? null }}
    />
  );
}
