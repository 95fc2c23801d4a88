import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { needsLogin } from "@/api/problem";
import { request, type Keyset } from "@/api/request";
import { pollEvery } from "@/lib/sse";
import type { Schemas } from "@/api/types";

import { alertKeys } from "./keys";

/** `link` is a path below /app, such as "/opportunities/…"; empty for none. */
export type Notification = Schemas["Notification"];

const POLL_MS = 30_000;
const SHOWN = 20;

export interface NotificationPage extends Keyset<Notification> {
  unread_count: number;
}

export function notificationsOptions() {
  return queryOptions({
    queryKey: alertKeys.notifications(),
    queryFn: ({ signal }) => request<NotificationPage>("get", "/api/v1/notifications/", { query: { page_size: SHOWN }, signal }),
    refetchInterval: ({ state }) => (needsLogin(state.error) ? false : pollEvery(POLL_MS)),
  });
}

/** The newest lines behind the bell; only somebody who is logged in has a bell. */
export function useNotifications(isLoggedIn: boolean) {
  return useQuery({ ...notificationsOptions(), enabled: isLoggedIn });
}

/** Mark some lines as read, or all of them when no ids are given. The bell shows it at once. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | undefined) => request<unknown>("post", "/api/v1/notifications/read/", { body: ids ? { ids } : {} }),
    onMutate: (ids) => {
      const now = new Date().toISOString();
      queries.setQueryData<NotificationPage>(alertKeys.notifications(), (page) => {
        if (!page) return page;
        const isMeant = (row: Notification) => row.read_at === null && (ids === undefined || ids.includes(row.id));
        const marked = page.results.filter(isMeant).length;
        return {
          ...page,
          unread_count: ids === undefined ? 0 : Math.max(0, page.unread_count - marked),
          results: page.results.map((row) => (isMeant(row) ? { ...row, read_at: now } : row)),
        };
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: alertKeys.notifications() }),
  });
}
