// What a role may do; the server decides again, this only hides what it would refuse.

import type { Role, Session } from "@/api/types";

const RANKS: readonly Role[] = ["viewer", "analyst", "trader", "operator", "admin"];

/** Whether the logged-in user's role includes another one. Nobody is logged in: it does not. */
export function mayActAs(role: Role, session: Session | undefined): boolean {
  const own = session?.user?.role;
  return own !== undefined && RANKS.indexOf(own) >= RANKS.indexOf(role);
}
