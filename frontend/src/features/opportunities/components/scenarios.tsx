import { TrashIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Button, IconButton } from "@/components/ui/button";
import { FormError } from "@/components/ui/field";
import { Margin, Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { showToast } from "@/lib/toasts";

import { useDeleteScenario, useScenarios } from "../api/scenarios";
import type { Scenario } from "../api/shapes";
import { useSaveScenario, type SimulationRequest } from "../api/simulate";
import { draftOf, type Draft } from "../hooks/calculator-fields";

interface ScenariosProps {
  opportunity: string;
  /** What the form says now; null while it is wrong. */
  request: SimulationRequest | null;
  currency: string;
  onLoad: (draft: Draft) => void;
}

function SaveForm({ opportunity, request }: Pick<ScenariosProps, "opportunity" | "request">) {
  const [name, setName] = useState("");
  const save = useSaveScenario(opportunity);
  const text = name.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text || !request || save.isPending) return;
    save.mutate(
      { ...request, save_as: text },
      {
        onSuccess: () => {
          showToast({ tone: "gain", title: `Scenario “${text}” kept` });
          setName("");
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="space-y-2">
      <div className="flex gap-2">
        <input className="field min-w-0 flex-1" aria-label="Name of the scenario" placeholder="Keep this as …" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        <Button type="submit" disabled={!text || !request || save.isPending}>Save scenario</Button>
      </div>
      <FormError>{save.error && (fieldErrorsOf(save.error)["save_as"] ?? messageOf(save.error))}</FormError>
    </form>
  );
}

function Line({ scenario, currency, onLoad, onDelete, isBusy }: { scenario: Scenario; currency: string; onLoad: () => void; onDelete: () => void; isBusy: boolean }) {
  return (
    <li className="flex items-center gap-3 py-1">
      <span className="min-w-0 flex-1 truncate text-[0.8125rem] font-medium">{scenario.name}</span>
      <span className="text-[0.8125rem]"><Money amount={scenario.result.net_profit} currency={scenario.result.currency ?? currency} signed /></span>
      <span className="text-[0.8125rem] max-sm:hidden"><Margin value={scenario.result.margin_percentage} /></span>
      <Button onClick={onLoad} aria-label={`Load ${scenario.name}`}>Load</Button>
      <IconButton label={`Delete ${scenario.name}`} disabled={isBusy} onClick={onDelete}><TrashIcon aria-hidden className="size-4" /></IconButton>
    </li>
  );
}

/** One's own kept calculations of this opportunity. */
export function Scenarios({ opportunity, request, currency, onLoad }: ScenariosProps) {
  const query = useScenarios(opportunity);
  const remove = useDeleteScenario(opportunity);
  return (
    <Section title="Scenarios" note="Kept for you alone, with the result of that moment.">
      <SaveForm opportunity={opportunity} request={request} />
      <QueryState
        query={query}
        skeleton={<Skeleton className="mt-3 h-16" />}
        empty={(data) => data.results.length === 0 && <EmptyState title="No scenario kept yet">Change an assumption, give it a name, and compare later.</EmptyState>}
      >
        {(data) => (
          <ul className="mt-2 divide-y">
            {data.results.map((scenario) => (
              <Line
                key={scenario.id}
                scenario={scenario}
                currency={currency}
                isBusy={remove.isPending}
                onLoad={() => onLoad(draftOf(scenario.assumptions))}
                onDelete={() => remove.mutate(scenario.id, { onError: (error) => showToast({ tone: "loss", title: "Not deleted", detail: messageOf(error) }) })}
              />
            ))}
          </ul>
        )}
      </QueryState>
    </Section>
  );
}
