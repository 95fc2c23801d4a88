import { Section } from "@/components/ui/section";
import { QueryState, Skeleton } from "@/components/ui/states";

import { useExplanation } from "../api/explain-opportunity";
import { FactorBars } from "./factor-bars";

/** Why this score: the four factors, each with its weight and inputs. */
export function WhyPanel({ id }: { id: string }) {
  const explanation = useExplanation(id);
  return (
    <Section title="Why this score" note="Confidence is a weighted sum of four factors; each bar shows how much of its weight a factor earns.">
      <QueryState query={explanation} skeleton={<Skeleton className="h-80" />}>
        {({ confidence }) => <FactorBars factors={confidence.factors} score={confidence.score} />}
      </QueryState>
    </Section>
  );
}
