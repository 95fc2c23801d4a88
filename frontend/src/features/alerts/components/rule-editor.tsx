import { PlusIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { CheckField, ChoiceField, FormError, InputField } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Sheet } from "@/components/ui/sheet";
import { Term } from "@/components/ui/term";

import { useChannels } from "../api/channels";
import { useSaveRule, type Rule, type RuleDraft, type RuleField } from "../api/rules";
import { conditionErrorsOf, conditionProblem, draftOf, emptyRule, isComplete, startCondition } from "../hooks/rule-draft";
import { ConditionRow } from "./condition-row";

const MOST_CONDITIONS = 10;
const COOLDOWNS = [15, 60, 240, 720, 1440, 10_080];
const COOLDOWN_NAMES: Record<number, string> = { 0: "None", 15: "15 minutes", 60: "1 hour", 240: "4 hours", 720: "12 hours", 1440: "1 day", 10_080: "1 week" };

interface EditorProps {
  rule: Rule | null;
  fields: readonly RuleField[];
  timeZone: string;
  onClose: () => void;
}

type Change = (patch: Partial<RuleDraft>) => void;

function Conditions({ draft, fields, error, isTried, onChange }: { draft: RuleDraft; fields: readonly RuleField[]; error: unknown; isTried: boolean; onChange: Change }) {
  const refused = conditionErrorsOf(error);
  const set = (position: number, next: RuleDraft["conditions"][number] | null) =>
    onChange({ conditions: draft.conditions.flatMap((condition, index) => (index === position ? (next ? [next] : []) : [condition])) });
  const [first] = fields;
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-muted">All of these must hold</legend>
      <ol className="space-y-2">
        {draft.conditions.map((condition, position) => (
          <ConditionRow
            key={position}
            position={position}
            condition={condition}
            fields={fields}
            error={(isTried ? conditionProblem(condition, fields.find(({ field }) => field === condition.field)) : undefined) ?? refused[position]}
            onChange={(next) => set(position, next)}
            onRemove={draft.conditions.length > 1 ? () => set(position, null) : undefined}
          />
        ))}
      </ol>
      {first && draft.conditions.length < MOST_CONDITIONS && (
        <Button className="mt-2" onClick={() => onChange({ conditions: [...draft.conditions, startCondition(first)] })}><PlusIcon aria-hidden className="size-4" />Add a condition</Button>
      )}
    </fieldset>
  );
}

function Where({ draft, onChange }: { draft: RuleDraft; onChange: Change }) {
  const { data: channels = [] } = useChannels();
  return (
    <fieldset>
      <legend className="mb-1 text-xs text-muted">Told through</legend>
      <CheckField label="The bell in this dashboard" checked disabled onChange={() => undefined} />
      {channels.map(({ id, name, is_muted }) => (
        <CheckField key={id} label={is_muted ? `${name} (muted)` : name} checked={draft.channels.includes(id)} onChange={(isOn) => onChange({ channels: isOn ? [...draft.channels, id] : draft.channels.filter((one) => one !== id) })} />
      ))}
      {channels.length === 0 && <p className="text-2xs text-muted">Add a channel to be told outside the dashboard too.</p>}
    </fieldset>
  );
}

function When({ draft, timeZone, error, onChange }: { draft: RuleDraft; timeZone: string; error: Record<string, string>; onChange: Change }) {
  const isQuiet = draft.quiet_from !== null;
  const known = COOLDOWNS.includes(draft.cooldown_minutes) ? COOLDOWNS : [...COOLDOWNS, draft.cooldown_minutes].sort((a, b) => a - b);
  return (
    <div className="space-y-3">
      <ChoiceField
        label="At most once per opportunity in"
        value={String(draft.cooldown_minutes)}
        options={known.map((minutes) => ({ value: String(minutes), label: COOLDOWN_NAMES[minutes] ?? `${minutes} minutes` }))}
        onChange={(minutes) => onChange({ cooldown_minutes: Number(minutes) })}
      />
      <CheckField label={<><Term id="quiet_hours" />, on the clock of {timeZone}</>} checked={isQuiet} onChange={(isOn) => onChange(isOn ? { quiet_from: "22:00", quiet_until: "07:00" } : { quiet_from: null, quiet_until: null })} />
      {isQuiet && (
        <div className="flex gap-3">
          <InputField label="From" type="time" value={draft.quiet_from ?? ""} onChange={(quiet_from) => onChange({ quiet_from })} error={error["quiet_from"]} className="flex-1" />
          <InputField label="Until" type="time" value={draft.quiet_until ?? ""} onChange={(quiet_until) => onChange({ quiet_until })} error={error["quiet_until"]} className="flex-1" />
        </div>
      )}
    </div>
  );
}

/** Everything about one rule, new or changed. */
export function RuleEditor({ rule, fields, timeZone, onClose }: EditorProps) {
  const [draft, setDraft] = useState(() => (rule ? draftOf(rule) : emptyRule()));
  const [isTried, setTried] = useState(false);
  const save = useSaveRule(rule?.id ?? null);
  const refused = fieldErrorsOf(save.error);
  const change: Change = (patch) => setDraft((current) => ({ ...current, ...patch }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isComplete(draft, fields)) save.mutate({ ...draft, name: draft.name.trim() }, { onSuccess: onClose });
  };
  return (
    <Sheet
      title={rule ? `Change “${rule.name}”` : "New alert rule"}
      isOpen
      onClose={onClose}
      side="right"
      footer={
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" form="rule" disabled={save.isPending}>Save the rule</Button>
        </div>
      }
    >
      <form id="rule" onSubmit={submit} noValidate className="space-y-5">
        <InputField label="Name" value={draft.name} maxLength={80} autoFocus={!rule} onChange={(name) => change({ name })} error={(isTried && draft.name.trim() === "" ? "Give it a name." : undefined) ?? refused["name"]} />
        <div>
          <p aria-hidden className="mb-1 text-xs text-muted">Looks at</p>
          <Segmented label="Looks at" value={draft.scope} options={[{ value: "all", label: "All products" }, { value: "watchlist", label: "My watchlist" }]} onChange={(scope) => change({ scope })} />
        </div>
        <Conditions draft={draft} fields={fields} error={save.error} isTried={isTried} onChange={change} />
        <Where draft={draft} onChange={change} />
        <When draft={draft} timeZone={timeZone} error={refused} onChange={change} />
        <FormError>{save.isError && Object.keys(refused).length === 0 && messageOf(save.error)}</FormError>
      </form>
    </Sheet>
  );
}
