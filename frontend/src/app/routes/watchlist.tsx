import { WatchlistPage } from "@/features/alerts/components/watchlist-page";

import { PageCredits } from "../shell/page-credits";
import { RoleGate } from "../shell/role-gate";

export function WatchlistRoute() {
  return (
    <RoleGate role="viewer" title="Watchlist">
      <WatchlistPage />
      <PageCredits />
    </RoleGate>
  );
}
