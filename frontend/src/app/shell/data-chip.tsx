import { needsLogin } from "@/api/problem";
import { Freshness } from "@/components/ui/freshness";
import { useSummary } from "@/features/opportunities/api/get-summary";

/** How old the newest prices behind the opportunities are, or that the server does not answer. */
export function DataChip() {
  const { data, error } = useSummary();
  if (error && !needsLogin(error)) return <span role="status" className="rounded-md bg-warn-soft px-2 py-1 text-xs font-medium text-warn">Offline</span>;
  if (!data?.newest_price_at) return null;
  return (
    <span className="hidden items-center gap-1 text-xs text-muted md:flex">
      Prices <Freshness at={data.newest_price_at} form="long" />
    </span>
  );
}
