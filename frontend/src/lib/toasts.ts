// Short messages about what the person started; the shell shows them, any feature may send one.

import { useSyncExternalStore } from "react";

export type ToastTone = "gain" | "warn" | "loss" | "neutral";

export interface Toast {
  id: number;
  tone: ToastTone;
  title: string;
  detail?: string;
}

const SHOWN_MS = 8_000;
const MOST = 4;

let toasts: readonly Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const notify of listeners) notify();
}

export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export function clearToasts(): void {
  change([]);
}

/** Show a message. Failures stay until they are closed, the rest go by themselves. */
export function showToast(toast: Omit<Toast, "id">): void {
  counter += 1;
  const id = counter;
  change([...toasts, { ...toast, id }].slice(-MOST));
  if (toast.tone !== "loss") setTimeout(() => dismissToast(id), SHOWN_MS);
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
