// A rule while it is written: how it starts, what is missing, and how it reads as a sentence.

import { ProblemError } from "@/api/problem";
import { isDecimal } from "@/lib/decimal";

import type { Condition, Operator, Rule, RuleDraft, RuleField } from "../api/rules";

export const OPERATOR_NAMES: Record<Operator, string> = {
  gte: "at least",
  lte: "at most",
  eq: "is",
  in: "is one of",
  not_in: "is none of",
  contains: "contains",
};

const UNIT_NAMES: Record<string, string> = { "%": "%", currency: "in the market's currency", ratio: "0 to 1", minutes: "min", count: "" };

export function unitName(unit: string): string {
  return UNIT_NAMES[unit] ?? "";
}

export function emptyRule(): RuleDraft {
  return {
    name: "",
    scope: "all",
    conditions: [{ field: "margin_percentage", operator: "gte", value: "30" }],
    channels: [],
    cooldown_minutes: 240,
    quiet_from: null,
    quiet_until: null,
  };
}

export function draftOf(rule: Rule): RuleDraft {
  const { name, scope, conditions, channels, cooldown_minutes, quiet_from, quiet_until } = rule;
  return { name, scope, conditions, channels, cooldown_minutes, quiet_from, quiet_until };
}

const takesList = (operator: Operator) => operator === "in" || operator === "not_in";

/** A condition on another field starts with that field's first comparison and no value. */
export function startCondition(field: RuleField, operator: Operator = field.operators[0] ?? "eq"): Condition {
  return { field: field.field, operator, value: takesList(operator) ? [] : "" };
}

/** Another comparison keeps the value where it fits. */
export function withOperator(condition: Condition, operator: Operator): Condition {
  const { value } = condition;
  if (takesList(operator)) return { ...condition, operator, value: typeof value === "string" ? (value ? [value] : []) : value };
  return { ...condition, operator, value: typeof value === "string" ? value : (value[0] ?? "") };
}

/** What is wrong with a condition, before the server is asked. */
export function conditionProblem({ value }: Condition, field: RuleField | undefined): string | undefined {
  if (!field) return "This is no longer offered; choose another.";
  if (value.length === 0) return field.type === "choice" ? "Choose at least one." : "Give a value.";
  if (field.type === "number" && typeof value === "string" && !isDecimal(value.trim())) return "Give a number, with a point: 12.5";
  return undefined;
}

export function isComplete(draft: RuleDraft, fields: readonly RuleField[]): boolean {
  const fieldOf = (name: string) => fields.find(({ field }) => field === name);
  const quietFits = (draft.quiet_from === null) === (draft.quiet_until === null);
  return draft.name.trim() !== "" && quietFits && draft.conditions.every((condition) => conditionProblem(condition, fieldOf(condition.field)) === undefined);
}

/** "Margin after all costs at least 30 %". */
export function sentenceOf({ field: name, operator, value }: Condition, fields: readonly RuleField[]): string {
  const field = fields.find((one) => one.field === name);
  const labelOf = (one: string) => field?.choices?.find((choice) => choice.value === one)?.label ?? one;
  const text = (typeof value === "string" ? [value] : value).map(labelOf).join(", ");
  const unit = field?.unit === "%" ? "\u202F%" : field?.unit === "minutes" ? " min" : "";
  return `${field?.label ?? name} ${OPERATOR_NAMES[operator]} ${text}${unit}`;
}

/** What the server says about single conditions, by position. */
export function conditionErrorsOf(error: unknown): Record<number, string> {
  if (!(error instanceof ProblemError)) return {};
  return Object.fromEntries(
    error.errors.flatMap(({ pointer, detail }) => {
      const [, position] = /conditions\/(\d+)/.exec(pointer ?? "") ?? [];
      return position === undefined ? [] : [[Number(position), detail]];
    }),
  );
}
