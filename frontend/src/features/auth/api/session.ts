import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import type { Session } from "@/api/types";

export const sessionKeys = { all: ["session"] as const };

export function sessionOptions() {
  return queryOptions({
    queryKey: sessionKeys.all,
    queryFn: ({ signal }): Promise<Session> => unwrap(client.GET("/api/v1/session/", { signal: withTimeout(signal) })),
    staleTime: 5 * 60_000,
  });
}

/** Who is logged in, and whether this is paper and demo. */
export function useSession() {
  return useQuery(sessionOptions());
}

export interface Credentials {
  username: string;
  password: string;
}

/** Log in; afterwards every list is read again, because roles see different things. */
export function useLogIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: ["login"],
    mutationFn: (body: Credentials) => unwrap(client.POST("/api/v1/session/", { body, signal: withTimeout() })),
    onSuccess: () => queries.invalidateQueries(),
  });
}

export function useLogOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE("/api/v1/session/", { signal: withTimeout() })),
    onSuccess: () => queries.invalidateQueries(),
  });
}
