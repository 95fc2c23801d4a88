import { Section } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";

import { useExplanation } from "../api/explain-opportunity";
import { RiskConditions } from "./risk-conditions";

/** The rules that give the risk level, and what would change it. */
export function RiskPanel({ id }: { id: string }) {
  const explanation = useExplanation(id);
  return (
    <Section title="Risk level" note="Low and medium each need a floor of confidence and of net margin; everything else is high.">
      <QueryState query={explanation} skeleton={<Skeleton className="h-32" />}>
        {({ risk }) => <RiskConditions risk={risk} />}
      </QueryState>
    </Section>
  );
}
