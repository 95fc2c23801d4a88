import { useState, type FormEvent } from "react";

import { fieldErrorsOf } from "@/api/problem";
import type { FeeProfile } from "@/api/types";
import { Button } from "@/components/ui/button";
import { FormError, InputField } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { fromPercent, isDecimal, toPercent } from "@/lib/decimal";

import type { SaveProfile } from "./profile-panel";

const FIELDS = [
  { name: "fee_rate", label: "Selling fee, %", isShare: true, hint: "Of every sale, instead of the market's own schedule." },
  { name: "fixed_cost", label: "Fixed cost per sale", isShare: false, hint: "In the market's currency: envelope, label, your time." },
  { name: "shipping", label: "Inbound shipping", isShare: false, hint: "Per sealed unit, in the market's currency." },
  { name: "sell_through", label: "Sell-through, %", isShare: true, hint: "How much of what is pulled you expect to sell." },
] as const satisfies readonly { name: keyof FeeProfile; label: string; isShare: boolean; hint: string }[];

type Draft = Record<keyof FeeProfile, string>;

function draftOf(profile: FeeProfile): Draft {
  const entries = FIELDS.map(({ name, isShare }) => {
    const value = profile[name] ?? "";
    return [name, value && isShare ? toPercent(value) : value];
  });
  return Object.fromEntries(entries) as Draft;
}

/** The figures the API takes; what is empty follows the market. */
export function profileOf(draft: Draft): FeeProfile {
  const filled = FIELDS.filter(({ name }) => draft[name].trim() !== "");
  return Object.fromEntries(filled.map(({ name, isShare }) => [name, isShare ? fromPercent(draft[name].trim()) : draft[name].trim()]));
}

function problemOf(text: string, isShare: boolean): string | undefined {
  if (text.trim() === "") return undefined;
  if (!isDecimal(text.trim()) || text.trim().startsWith("-")) return "Give a number from 0 up, with a point: 12.5";
  return isShare && Number(text) > 100 ? "A percentage is at most 100." : undefined;
}

/** One's own costs, with which the calculator starts. */
export function FeePanel({ profile, onSave }: { profile: FeeProfile; onSave: SaveProfile }) {
  const [draft, setDraft] = useState(() => draftOf(profile));
  const [failure, setFailure] = useState<unknown>(null);
  const refused = fieldErrorsOf(failure);
  const isWrong = FIELDS.some(({ name, isShare }) => problemOf(draft[name], isShare));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    if (!isWrong) onSave({ fee_profile: profileOf(draft) }).catch(setFailure);
  };
  return (
    <Section title="Fee profile" note="The calculator of every opportunity starts with these. Analyses, scores and reports keep the market's own fees.">
      <form onSubmit={submit} className="max-w-2xl space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {FIELDS.map(({ name, label, hint, isShare }) => (
            <InputField
              key={name}
              label={label}
              hint={hint}
              inputMode="decimal"
              placeholder="as on the market"
              value={draft[name]}
              onChange={(value) => setDraft({ ...draft, [name]: value })}
              error={problemOf(draft[name], isShare) ?? refused[name]}
            />
          ))}
        </div>
        {failure !== null && <FormError>{refused["fee_profile"] ?? (failure instanceof Error ? failure.message : "")}</FormError>}
        <div className="flex gap-2">
          <Button type="submit" look="solid" disabled={isWrong}>Save</Button>
          <Button onClick={() => setDraft(draftOf({}))}>Clear</Button>
        </div>
      </form>
    </Section>
  );
}
