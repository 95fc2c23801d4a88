import { useSyncExternalStore } from "react";

export const PHONE = "(max-width: 639px)";
export const WIDE = "(min-width: 1024px)";
export const ROOMY = "(min-width: 1600px)";

/** Whether a media query matches now; follows changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
  );
}
