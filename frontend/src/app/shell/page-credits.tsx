import { useSession } from "@/features/auth/api/session";
import { PriceCredits } from "@/features/markets/components/price-credits";

/** Under every page with prices: whose data they are, or that they are invented. */
export function PageCredits() {
  const { data } = useSession();
  if (!data) return null;
  return <PriceCredits isDemo={data.is_demo} />;
}
