import { PageHeader } from "@/components/ui/page-header";

export function WatchlistRoute() {
  return <PageHeader title="Watchlist" />;
}
