import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

import { needsLogin } from "@/api/problem";
import type { Session } from "@/api/types";
import { sessionKeys } from "@/features/auth/api/session";

/** When the API asks for a login, go there once and come back to the wanted page afterwards. */
export function useLoginRedirect(): void {
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    const leave = (error: unknown) => {
      if (!needsLogin(error)) return;
      const { pathname, href } = router.history.location;
      if (pathname.startsWith("/app/login")) return;
      const hasEnded = Boolean(queries.getQueryData<Session>(sessionKeys.all)?.user);
      void router.navigate({ to: "/login", search: { next: href, ...(hasEnded && { ended: "1" }) }, replace: true });
      if (hasEnded) void queries.invalidateQueries({ queryKey: sessionKeys.all });
    };
    const reads = queries.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") leave(event.action.error);
    });
    const changes = queries.getMutationCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error" && event.mutation.options.mutationKey?.[0] !== "login") leave(event.action.error);
    });
    return () => {
      reads();
      changes();
    };
  }, [queries, router]);
}
