import { useMutation, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Profile, Session } from "@/api/types";

import { sessionKeys } from "./session";

/** Change one's own settings. Nothing is said about it here: what changes the theme on the side stays quiet. */
export function useProfileChange(meta?: { done?: string; failed?: string }) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (patch: Partial<Profile>) => request<Session>("patch", "/api/v1/session/", { body: patch }),
    onSuccess: (session) => queries.setQueryData(sessionKeys.all, session),
    meta,
  });
}
