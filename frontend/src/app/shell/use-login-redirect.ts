import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

import { needsLogin } from "@/api/problem";

/** When the API asks for a login, go there once and come back to the wanted page afterwards. */
export function useLoginRedirect(): void {
  const queries = useQueryClient();
  const router = useRouter();
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type !== "updated" || event.action.type !== "error" || !needsLogin(event.action.error)) return;
        const { pathname, href } = router.history.location;
        if (!pathname.startsWith("/app/login")) void router.navigate({ to: "/login", search: { next: href }, replace: true });
      }),
    [queries, router],
  );
}
