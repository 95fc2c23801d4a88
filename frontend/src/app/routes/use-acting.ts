import { useSession } from "@/features/auth/api/session";
import { ONLOOKER, type Acting } from "@/features/opportunities/hooks/acting";
import { useTradingStatus } from "@/features/system/api/trading-status";
import { mayActAs } from "@/lib/roles";

/** Who looks at the page and what they may do there. */
export function useActing(): Acting {
  const { data: session } = useSession();
  const user = session?.user ?? null;
  const { data: trading } = useTradingStatus(user !== null);
  if (!user) return ONLOOKER;
  return {
    username: user.username,
    mayAnalyse: mayActAs("analyst", session),
    mayTrade: mayActAs("trader", session),
    fees: user.fee_profile ?? {},
    trading,
  };
}
