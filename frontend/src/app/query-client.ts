import { MutationCache, QueryClient } from "@tanstack/react-query";

import { messageOf, ProblemError } from "@/api/problem";
import { showToast } from "@/lib/toasts";

const MAX_RETRIES = 2;

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** What to say when it worked, e.g. "The key is revoked". */
      done?: string;
      /** What to say when it did not, before the reason, e.g. "Could not revoke the key". */
      failed?: string;
    };
  }
}

/** Tells the outcome of changes that state what to say. */
export function makeMutationCache(): MutationCache {
  return new MutationCache({
    onSuccess: (_data, _variables, _result, { meta }) => {
      if (meta?.done) showToast({ tone: "gain", title: meta.done });
    },
    onError: (error, _variables, _result, { meta }) => {
      if (meta?.failed) showToast({ tone: "loss", title: meta.failed, detail: messageOf(error) });
    },
  });
}

/** Server state lives here. A refusal is final; an outage is tried twice more. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    mutationCache: makeMutationCache(),
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
