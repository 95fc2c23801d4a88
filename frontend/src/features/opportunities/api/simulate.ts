import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";

import { opportunityKeys } from "./keys";
import type { AssumptionName, Simulation } from "./shapes";

/** What differs from the server's own assumptions, and how much to draw. */
export type SimulationRequest = Partial<Record<AssumptionName, string | number>> & { trials?: number; seed?: number; save_as?: string };

function simulate(id: string, body: SimulationRequest, signal?: AbortSignal): Promise<Simulation> {
  return request("post", `/api/v1/opportunities/${id}/simulate/`, { body, signal });
}

/** A calculation changes nothing on the server, so it is kept like any other answer. */
export function simulationOptions(id: string, body: SimulationRequest) {
  return queryOptions({
    queryKey: opportunityKeys.simulation(id, body),
    queryFn: ({ signal }) => simulate(id, body, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useSimulation(id: string, body: SimulationRequest, enabled = true) {
  return useQuery({ ...simulationOptions(id, body), enabled });
}

/** The same calculation, kept under a name. */
export function useSaveScenario(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SimulationRequest & { save_as: string }) => simulate(id, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: opportunityKeys.scenarios(id) }),
  });
}
