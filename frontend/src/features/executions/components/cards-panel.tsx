import { lazy, Suspense, useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { compareDecimals } from "@/lib/decimal";
import { formatUtc } from "@/lib/time";
import { plural } from "@/lib/format";

import { useComparison } from "../api/get-execution";
import type { ComparedCard, Comparison, ExecutionDetail } from "../api/shapes";
import { CardsTable } from "./cards-table";

const OpeningDialog = lazy(() => import("./opening-dialog"));

type Kind = "pulled" | "missed" | "all";

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: "pulled", label: "Pulled" },
  { value: "missed", label: "Not pulled" },
  { value: "all", label: "All" },
];

/** Cards of a kind, the dearest first. */
export function chooseCards(cards: readonly ComparedCard[], kind: Kind): ComparedCard[] {
  const fits = (card: ComparedCard) => kind === "all" || (kind === "pulled" ? card.pulled > 0 : card.pulled === 0);
  return cards.filter(fits).sort((a, b) => compareDecimals(b.model_price ?? "-1", a.model_price ?? "-1"));
}

function Luck({ comparison }: { comparison: Comparison }) {
  const order = compareDecimals(comparison.pulled_value, comparison.model_value);
  const word = order > 0 ? "more than" : order < 0 ? "less than" : "as much as";
  return (
    <p className="mb-3 rounded-lg bg-sunken px-3 py-2 text-[0.8125rem]">
      The {plural(comparison.opened, "opened product")} held <Money amount={comparison.pulled_value} currency={comparison.currency} className="font-semibold" /> worth of cards that count,{" "}
      <span className={order > 0 ? "font-semibold text-gain" : order < 0 ? "font-semibold text-loss" : "font-semibold"}>{word}</span> the <Money amount={comparison.model_value} currency={comparison.currency} /> the model expects on average.
    </p>
  );
}

function Openings({ execution }: { execution: ExecutionDetail }) {
  return (
    <ul className="mb-3 flex flex-wrap gap-2">
      {execution.openings.map((opening) => (
        <li key={opening.id}>
          <Badge tone={opening.origin === "simulated" ? "accent" : "neutral"} title={formatUtc(opening.opened_at)}>
            {plural(opening.quantity, "product")} {opening.origin === "simulated" ? "opened by the paper broker" : `opened by ${opening.entered_by ?? "somebody"}`}
            {opening.note && `: ${opening.note}`}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

/** What was pulled and sold against what the model expected, card by card. */
export default function CardsPanel({ execution, mayTrade }: { execution: ExecutionDetail; mayTrade: boolean }) {
  const query = useComparison(execution.id);
  const [kind, setKind] = useState<Kind>("pulled");
  const [isEntering, setEntering] = useState(false);
  const isSimulated = execution.openings.some((opening) => opening.origin === "simulated");
  const mayEnter = mayTrade && !isSimulated && query.data !== undefined && query.data.opened < execution.quantity && execution.state !== "cancelled";
  return (
    <Section
      title="Pulled cards against the model"
      note="Expected copies are an average over many openings; one opening is luck."
      className="overflow-hidden"
      actions={
        <div className="flex flex-wrap gap-2">
          <Segmented label="Which cards" value={kind} options={KINDS} onChange={setKind} />
          {mayEnter && <Button onClick={() => setEntering(true)}>Enter an opening</Button>}
        </div>
      }
    >
      <QueryState query={query} skeleton={<Skeleton className="h-72" />} empty={(data) => data.cards.length === 0 && <EmptyState title="Nothing opened yet">What is pulled is listed here beside what the model expected.</EmptyState>}>
        {(data) => {
          const cards = chooseCards(data.cards, kind);
          return (
            <>
              {data.opened > 0 && <Luck comparison={data} />}
              <Openings execution={execution} />
              {cards.length === 0 ? <EmptyState title="No card of this kind" /> : <CardsTable cards={cards} currency={data.currency} />}
              <Suspense>{isEntering && <OpeningDialog execution={execution} comparison={data} onClose={() => setEntering(false)} />}</Suspense>
            </>
          );
        }}
      </QueryState>
    </Section>
  );
}
