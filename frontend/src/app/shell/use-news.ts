import { useEffect } from "react";

import { useJobNews } from "@/features/jobs/hooks/use-job-news";
import { marketKeys } from "@/features/markets/api/keys";
import { systemKeys } from "@/features/system/api/keys";
import { useSummary } from "@/features/opportunities/api/get-summary";
import { useStreamRefresh } from "@/lib/sse";
import { setTitleCount } from "@/lib/title";

/** What every page follows: runs, markets, kill switches, and the number in the tab's title. */
export function useNews(): void {
  useJobNews();
  useStreamRefresh(["market"], [marketKeys.all]);
  useStreamRefresh(["execution", "market"], [systemKeys.trading()]);
  const { data } = useSummary();
  const executable = data ? (data.by_risk["low"] ?? 0) + (data.by_risk["medium"] ?? 0) : 0;
  useEffect(() => setTitleCount(executable), [executable]);
}
