import { useMutation, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";

import { executionKeys } from "./keys";

function useChange<Input>(change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: executionKeys.all }) });
}

/** Sell everything that is left at the prices of now. */
export function useSettle(id: string) {
  return useChange(() => request<unknown>("post", `/api/v1/executions/${id}/settle/`));
}

/** Take the purchase back; possible before anything was sold. */
export function useCancel(id: string) {
  return useChange((reason: string) => request<unknown>("post", `/api/v1/executions/${id}/cancel/`, { body: { reason } }));
}

export function useNote(id: string) {
  return useChange((note: string) => request<unknown>("patch", `/api/v1/executions/${id}/`, { body: { note } }));
}

export interface OpeningDraft {
  quantity: number;
  note?: string;
  lines: { product: string; finish: string; quantity: number }[];
}

/** Write down what was really inside. `key` is the form's: sent twice, it is booked once. */
export function useEnterOpening(id: string, key: string) {
  return useChange((draft: OpeningDraft) => request<unknown>("post", `/api/v1/executions/${id}/openings/`, { key, body: draft }));
}

export interface SaleDraft {
  product: string;
  finish: string;
  quantity: number;
  gross: string;
  fees: string;
  postage: string;
  note?: string;
}

/** Write down what a card really brought. `key` is the form's: sent twice, it is booked once. */
export function useEnterSale(id: string, key: string) {
  return useChange((draft: SaleDraft) => request<unknown>("post", `/api/v1/executions/${id}/sales/`, { key, body: draft }));
}
