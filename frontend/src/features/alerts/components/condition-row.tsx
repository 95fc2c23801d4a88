import { TrashIcon } from "@heroicons/react/20/solid";

import { IconButton } from "@/components/ui/button";

import type { Condition, RuleField } from "../api/rules";
import { OPERATOR_NAMES, startCondition, unitName, withOperator } from "../hooks/rule-draft";

interface ConditionRowProps {
  position: number;
  condition: Condition;
  fields: readonly RuleField[];
  error?: string;
  onChange: (condition: Condition) => void;
  onRemove: (() => void) | undefined;
}

function Value({ condition, field, name, onChange }: { condition: Condition; field: RuleField | undefined; name: string; onChange: (value: Condition["value"]) => void }) {
  const { value } = condition;
  const choices = field?.choices;
  if (typeof value !== "string" && choices) {
    return (
      <fieldset className="flex flex-wrap gap-x-4">
        <legend className="sr-only">{name}</legend>
        {choices.map((choice) => (
          <label key={choice.value} className="flex min-h-11 items-center gap-2 text-[0.8125rem] sm:min-h-8">
            <input
              type="checkbox"
              className="size-4 accent-(--accent-solid)"
              checked={value.includes(choice.value)}
              onChange={(event) => onChange(choices.map((one) => one.value).filter((one) => (one === choice.value ? event.target.checked : value.includes(one))))}
            />
            {choice.label}
          </label>
        ))}
      </fieldset>
    );
  }
  if (choices && typeof value === "string") {
    return (
      <select className="field w-full" aria-label={name} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="" disabled>Choose</option>
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
    );
  }
  const isList = typeof value !== "string";
  return (
    <span className="flex items-center gap-2">
      <input
        className="field num min-w-0 flex-1"
        aria-label={name}
        inputMode={field?.type === "number" ? "decimal" : undefined}
        placeholder={isList ? "several, by comma" : undefined}
        value={isList ? value.join(",") : value}
        onChange={(event) => onChange(isList ? event.target.value.split(",").map((part) => part.trimStart()) : event.target.value)}
      />
      {field && unitName(field.unit) && <span className="shrink-0 text-xs text-muted">{unitName(field.unit)}</span>}
    </span>
  );
}

/** One comparison of a rule: what, how, and with which value. */
export function ConditionRow({ position, condition, fields, error, onChange, onRemove }: ConditionRowProps) {
  const field = fields.find((one) => one.field === condition.field);
  const name = `Condition ${position + 1}`;
  return (
    <li className="rounded-lg border p-3">
      <div className="flex items-start gap-2">
        <div className="grid min-w-0 flex-1 grid-cols-[3fr_2fr] gap-2">
          <select
            className="field min-w-0"
            aria-label={`${name}: what`}
            value={condition.field}
            onChange={(event) => {
              const next = fields.find((one) => one.field === event.target.value);
              if (next) onChange(startCondition(next));
            }}
          >
            {!field && <option value={condition.field}>{condition.field}</option>}
            {fields.map((one) => <option key={one.field} value={one.field}>{one.label}</option>)}
          </select>
          <select className="field min-w-0" aria-label={`${name}: comparison`} value={condition.operator} onChange={(event) => onChange(withOperator(condition, event.target.value as Condition["operator"]))}>
            {(field?.operators ?? [condition.operator]).map((operator) => <option key={operator} value={operator}>{OPERATOR_NAMES[operator]}</option>)}
          </select>
          <div className="col-span-2">
            <Value condition={condition} field={field} name={`${name}: value`} onChange={(value) => onChange({ ...condition, value })} />
          </div>
        </div>
        {onRemove && <IconButton label={`Remove condition ${position + 1}`} onClick={onRemove}><TrashIcon aria-hidden className="size-4" /></IconButton>}
      </div>
      {error && <p className="mt-1.5 text-2xs font-medium text-loss">{error}</p>}
    </li>
  );
}
