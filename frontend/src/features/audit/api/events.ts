import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { cursorOf, request, type Keyset } from "@/api/request";
import { dayAfter } from "@/lib/time";

import type { AuditSearch } from "../hooks/audit-search";

export interface AuditEvent {
  id: string;
  stream: string;
  seq: number;
  verb: string;
  subject: string;
  /** null for the system itself. */
  actor: string | null;
  data: Record<string, unknown>;
  request_id: string;
  recorded_at: string;
  hash: string;
  previous_hash: string;
}

export interface AuditStatus {
  /** null before the first verification. */
  is_intact: boolean | null;
  checked_at: string | null;
  events: number;
  streams: number;
  breaks: number;
  head: string;
}

const PAGE_SIZE = 50;

export const auditKeys = {
  all: ["audit"] as const,
  events: (query: object) => ["audit", "events", query] as const,
  status: () => ["audit", "status"] as const,
};

/** The API's filters for a page address; the last day is meant whole. */
export function toAuditQuery({ actor, verb, subject, from, to }: AuditSearch): Record<string, string | undefined> {
  return {
    actor,
    verb,
    subject,
    after: from && `${from}T00:00:00Z`,
    before: to && `${dayAfter(to)}T00:00:00Z`,
  };
}

/** Where the same events can be downloaded as lines of JSON. */
export function exportAddress(search: AuditSearch): string {
  const filled = Object.entries(toAuditQuery(search)).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(filled).toString();
  return `/api/v1/audit/export/${query ? `?${query}` : ""}`;
}

export function useAuditEvents(search: AuditSearch) {
  const query = toAuditQuery(search);
  return useInfiniteQuery({
    queryKey: auditKeys.events(query),
    queryFn: ({ pageParam, signal }) => request<Keyset<AuditEvent>>("get", "/api/v1/audit/", { query: { ...query, cursor: pageParam, page_size: PAGE_SIZE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => cursorOf(next),
    placeholderData: keepPreviousData,
  });
}

export function useAuditStatus() {
  return useQuery({
    queryKey: auditKeys.status(),
    queryFn: ({ signal }) => request<AuditStatus>("get", "/api/v1/audit/status/", { signal }),
    refetchInterval: 5 * 60_000,
  });
}
