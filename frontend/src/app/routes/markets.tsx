import { useSession } from "@/features/auth/api/session";
import { LaunchButton } from "@/features/jobs/components/launch-button";
import { MarketsPage } from "@/features/markets/components/markets-page";
import { mayActAs } from "@/lib/roles";

export function MarketsRoute() {
  const { data: session } = useSession();
  return (
    <MarketsPage
      canOperate={mayActAs("operator", session)}
      isDemo={session?.is_demo ?? false}
      launch={(facts) => <LaunchButton key={facts.about} {...facts} />}
    />
  );
}
