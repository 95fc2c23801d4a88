import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap, withTimeout } from "@/api/client";
import { newRequestKey } from "@/lib/request-key";

import { marketKeys } from "./keys";

/** Let a host be asked again before its pause is over. */
export function useBreakerReset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      unwrap(client.POST("/api/v1/breakers/reset/", { body: { key }, params: { header: { "Idempotency-Key": newRequestKey() } }, signal: withTimeout() })),
    onSuccess: () => queries.invalidateQueries({ queryKey: marketKeys.all }),
  });
}
