import { ArrowUturnLeftIcon } from "@heroicons/react/20/solid";

import type { OpportunityDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import type { Acting } from "../hooks/acting";
import { CALCULATOR_FIELDS, problemOf } from "../hooks/calculator-fields";
import { useCalculator } from "../hooks/use-calculator";
import { CalculatorResult } from "./calculator-result";
import { Scenarios } from "./scenarios";

type Form = ReturnType<typeof useCalculator>;

function Fields({ form }: { form: Form }) {
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-3 xl:grid-cols-3">
      {CALCULATOR_FIELDS.map((field) => {
        const text = form.draft[field.name] ?? "";
        return (
          <InputField
            key={field.name}
            label={field.label}
            hint={field.hint}
            error={problemOf(field, text) ?? undefined}
            inputMode={field.kind === "count" ? "numeric" : "decimal"}
            autoComplete="off"
            placeholder={form.placeholders[field.name]}
            value={text}
            onChange={(value) => form.set(field.name, value)}
          />
        );
      })}
    </div>
  );
}

interface CalculatorProps {
  opportunity: OpportunityDetail;
  acting: Acting;
}

/** The opportunity under other assumptions, against the server's own figures; scenarios can be kept. */
export default function Calculator({ opportunity, acting }: CalculatorProps) {
  const isAnonymous = acting.username === null;
  const form = useCalculator(opportunity.id, acting.fees, !isAnonymous);
  if (isAnonymous) return <Section title="Calculator"><EmptyState title="Log in to calculate with your own assumptions" /></Section>;
  const hasProfile = Object.values(acting.fees).some(Boolean);
  return (
    <div className="grid items-start gap-3 lg:grid-cols-[3fr_2fr]">
      <div className="min-w-0 space-y-3">
        <Section
          title="Assumptions"
          note="An empty field keeps the server's own assumption, shown in grey. Prices are those the opportunity was made from."
          actions={
            <div className="flex gap-2">
              {hasProfile && <Button onClick={form.useProfile}>My costs</Button>}
              <Button disabled={!form.isChanged} onClick={form.clear}>
                <ArrowUturnLeftIcon aria-hidden className="size-4" />
                Reset
              </Button>
            </div>
          }
        >
          <Fields form={form} />
        </Section>
        <Scenarios opportunity={opportunity.id} request={form.request} currency={opportunity.currency} onLoad={form.load} />
      </div>
      <Section title="Result" note="Of the whole quantity, beside what the server states for as many." className="lg:sticky lg:top-0">
        <QueryState query={form.query} skeleton={<Skeleton className="h-72" />}>
          {(data) => <CalculatorResult simulation={data} isBehind={form.isBehind} />}
        </QueryState>
      </Section>
    </div>
  );
}
