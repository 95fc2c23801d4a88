import { needsLogin } from "@/api/problem";
import { Freshness } from "@/components/ui/freshness";
import { useSources } from "@/features/markets/api/get-sources";
import { newestPriceOf } from "@/features/markets/hooks/route-state";

/** How old the newest price of any source is, as the markets show it, or that the server does not answer. */
export function DataChip() {
  const { data, error } = useSources();
  if (error && !needsLogin(error)) return <span role="status" className="rounded-md bg-warn-soft px-2 py-1 text-xs font-medium text-warn">Offline</span>;
  const newest = data && newestPriceOf(data.results);
  if (!newest) return null;
  return (
    <span className="hidden items-center gap-1 text-xs text-muted xl:flex">
      Prices <Freshness at={newest} form="long" />
    </span>
  );
}
