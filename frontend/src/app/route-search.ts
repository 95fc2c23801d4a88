// Search parameters of routes that belong to no feature.

import { text, type RawSearch } from "@/lib/search-params";

/** Where to go after logging in: a page of the dashboard, nothing else. */
export function parseLoginSearch(raw: RawSearch): { next?: string; ended?: "1" } {
  const next = text(raw, "next", 500);
  return { ...(next?.startsWith("/app/") && { next }), ...(text(raw, "ended") === "1" && { ended: "1" as const }) };
}

/** Which part of a page is open. */
export function parseTab(raw: RawSearch): { tab?: string } {
  const tab = text(raw, "tab", 20);
  return tab ? { tab } : {};
}
