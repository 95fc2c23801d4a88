import { QueryClient } from "@tanstack/react-query";

import { ProblemError } from "@/api/problem";

const MAX_RETRIES = 2;

/** Server state lives here. A refusal is final; an outage is tried twice more. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < MAX_RETRIES && (!(error instanceof ProblemError) || error.isRetryable),
        retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 8_000),
      },
    },
  });
}
