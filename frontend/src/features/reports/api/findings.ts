import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Schemas } from "@/api/types";

import { reportKeys } from "./keys";

export type Finding = Schemas["ContentsFinding"];

export const CHECKS = [
  { value: "same_contents", label: "Same contents in different subtypes" },
  { value: "wrong_child", label: "A child of the wrong kind" },
  { value: "odd_count", label: "An odd count" },
  { value: "dearer_than_case", label: "Dearer than the case that holds it" },
  { value: "pack_parity", label: "Packs cost very different amounts" },
] as const;

export interface FindingQuery {
  state?: string;
  check?: string;
  page: number;
}

export function useFindings(query: FindingQuery) {
  return useQuery({
    queryKey: reportKeys.findings(query),
    queryFn: ({ signal }) => request<{ count: number; results: Finding[] }>("get", "/api/v1/contents-findings/", { query: { ...query, page_size: 25 }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Accept a doubt as right, or open it again, with the reason. */
export function useJudge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; state: "accepted" | "open"; reason: string }) => request<Finding>("post", `/api/v1/contents-findings/${id}/judge/`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: reportKeys.allFindings() }),
    meta: { done: "The judgement is recorded" },
  });
}
