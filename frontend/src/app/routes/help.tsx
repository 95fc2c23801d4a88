import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";

import { useSession } from "@/features/auth/api/session";
import { HelpPage } from "@/features/help/components/help-page";
import { explanationOptions } from "@/features/opportunities/api/explain-opportunity";
import { useOpportunities } from "@/features/opportunities/api/list-opportunities";
import { useTradingStatus } from "@/features/system/api/trading-status";

export function HelpRoute() {
  const { hash } = useLocation();
  const best = useOpportunities({ page_size: 1 }).data?.results[0];
  const explanation = useQuery({ ...explanationOptions(best?.id ?? ""), enabled: best !== undefined }).data;
  const status = useTradingStatus(useSession().data !== undefined).data;
  return <HelpPage example={best && explanation ? { opportunity: best, explanation } : null} disclaimer={status?.disclaimer?.text ?? null} wanted={hash} />;
}
