import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Opportunity, Schemas } from "@/api/types";

import { alertKeys } from "./keys";

export type RuleField = Schemas["RuleField"];
export type Rule = Omit<Schemas["AlertRule"], "conditions" | "channels"> & Pick<RuleDraft, "conditions" | "channels">;

export type Operator = "gte" | "lte" | "eq" | "in" | "not_in" | "contains";

export interface Condition {
  field: string;
  operator: Operator;
  value: string | string[];
}

/** What a person states about a rule. Clock times are "HH:MM" in their own time zone. */
export interface RuleDraft {
  name: string;
  scope: "all" | "watchlist";
  conditions: Condition[];
  channels: string[];
  cooldown_minutes: number;
  quiet_from: string | null;
  quiet_until: string | null;
}

export interface Preview {
  matching: number;
  examples: Opportunity[];
}

export function useRules() {
  return useQuery({
    queryKey: alertKeys.rules(),
    queryFn: async ({ signal }) => (await request<{ results: Rule[] }>("get", "/api/v1/alert-rules/", { query: { page_size: 200 }, signal })).results,
  });
}

export function useRuleFields() {
  return useQuery({
    queryKey: alertKeys.fields(),
    queryFn: ({ signal }) => request<RuleField[]>("get", "/api/v1/alert-rules/fields/", { signal }),
    staleTime: 10 * 60_000,
  });
}

/** What a rule matches now; asked for while `isShown`. Reading it tells nobody and changes nothing. */
export function useRulePreview(id: string, isShown: boolean) {
  return useQuery({
    queryKey: alertKeys.preview(id),
    queryFn: ({ signal }) => request<Preview>("post", `/api/v1/alert-rules/${id}/preview/`, { signal }),
    enabled: isShown,
    staleTime: 30_000,
  });
}

function useRuleMutation<Variables>(call: (variables: Variables) => Promise<unknown>, meta?: { done?: string; failed?: string }) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: alertKeys.rules() });
      await queries.invalidateQueries({ queryKey: ["alerts", "preview"] });
    },
    meta,
  });
}

/** Make a rule, or change the one with the given id. */
export function useSaveRule(id: string | null) {
  return useRuleMutation(
    (draft: RuleDraft) => (id ? request<Rule>("patch", `/api/v1/alert-rules/${id}/`, { body: draft }) : request<Rule>("post", "/api/v1/alert-rules/", { body: draft })),
    { done: "The rule is saved" },
  );
}

export function useRuleSwitch() {
  return useRuleMutation(
    ({ id, is_enabled }: { id: string; is_enabled: boolean }) => request("patch", `/api/v1/alert-rules/${id}/`, { body: { is_enabled } }),
    { failed: "The rule is not changed" },
  );
}

/** Keep a rule silent for some minutes; 0 ends it. */
export function useSnooze() {
  return useRuleMutation(
    ({ id, minutes }: { id: string; minutes: number }) => request("post", `/api/v1/alert-rules/${id}/snooze/`, { body: { minutes } }),
    { failed: "The rule is not snoozed" },
  );
}

export function useDeleteRule() {
  return useRuleMutation((id: string) => request("delete", `/api/v1/alert-rules/${id}/`), { done: "The rule is deleted" });
}
