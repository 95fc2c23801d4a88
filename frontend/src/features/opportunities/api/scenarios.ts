import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";

import { opportunityKeys } from "./keys";
import type { Scenario } from "./shapes";

export function scenariosOptions(opportunity: string) {
  return queryOptions({
    queryKey: opportunityKeys.scenarios(opportunity),
    queryFn: ({ signal }) => request<{ results: Scenario[] }>("get", "/api/v1/scenarios/", { query: { opportunity }, signal }),
  });
}

/** One's own saved calculations of an opportunity. */
export function useScenarios(opportunity: string) {
  return useQuery(scenariosOptions(opportunity));
}

export function useDeleteScenario(opportunity: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<unknown>("delete", `/api/v1/scenarios/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: opportunityKeys.scenarios(opportunity) }),
  });
}
