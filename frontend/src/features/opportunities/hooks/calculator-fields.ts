// The calculator's fields: how each assumption is written in a form and how it travels. Shares are percent in the form
// and fractions in the API. A field left empty keeps the server's own assumption.

import type { FeeProfile } from "@/api/types";
import { isDecimal, signOf, compareDecimals } from "@/lib/decimal";

import type { SimulationRequest } from "../api/simulate";
import type { AssumptionName, Assumptions, EffectiveAssumptions } from "../api/shapes";
import { fractionOf, percentOf, trimZeros } from "./exact";

export type FieldKind = "count" | "money" | "percent";

export interface CalculatorField {
  name: AssumptionName;
  label: string;
  kind: FieldKind;
  hint: string;
}

export const CALCULATOR_FIELDS: readonly CalculatorField[] = [
  { name: "quantity", label: "Quantity", kind: "count", hint: "products bought, opened and sold" },
  { name: "sealed_price", label: "Price, each", kind: "money", hint: "of one sealed product" },
  { name: "shipping_cost", label: "Inbound shipping, each", kind: "money", hint: "what it costs to get it" },
  { name: "fixed_cost", label: "Other costs, each", kind: "money", hint: "handling, packaging" },
  { name: "tax_rate", label: "Tax on the purchase, %", kind: "percent", hint: "on top of the price" },
  { name: "fee_rate", label: "Selling fees, %", kind: "percent", hint: "one rate instead of the venue's fees and postage" },
  { name: "floor", label: "Bulk below", kind: "money", hint: "cheaper cards go as bulk" },
  { name: "sell_through", label: "Sell-through, %", kind: "percent", hint: "share of the cards that find a buyer" },
  { name: "bulk_discount", label: "Discount, %", kind: "percent", hint: "taken off everything sold, to sell faster" },
];

export type Draft = Partial<Record<AssumptionName, string>>;

const PLACES = { money: 2, percent: 3 } as const;

/** What is wrong with an entry, in words; null: nothing. */
export function problemOf({ kind }: CalculatorField, text: string | undefined): string | null {
  if (!text) return null;
  if (kind === "count") return /^([1-9]\d{0,2}|1000)$/.test(text) ? null : "1 to 1,000";
  if (!isDecimal(text) || signOf(text) < 0) return "a number, 0 or more";
  if (kind === "percent" && compareDecimals(text, "100") > 0) return "0 to 100";
  const places = text.split(".")[1]?.length ?? 0;
  return places > PLACES[kind] ? `at most ${PLACES[kind]} decimals` : null;
}

/** The request that a form means; null while an entry is wrong. */
export function toRequest(draft: Draft): SimulationRequest | null {
  if (CALCULATOR_FIELDS.some((field) => problemOf(field, draft[field.name]))) return null;
  const request: SimulationRequest = {};
  for (const { name, kind } of CALCULATOR_FIELDS) {
    const text = draft[name];
    if (!text) continue;
    request[name] = kind === "count" ? Number(text) : kind === "percent" ? fractionOf(text) : text;
  }
  return request;
}

function asText(kind: FieldKind, value: string | number): string {
  const text = String(value);
  if (!isDecimal(text)) return "";
  return kind === "percent" ? trimZeros(percentOf(text)) : text;
}

/** What the server assumes, as it would be written in the form: the fields' placeholders. */
export function effectiveTexts(assumptions: Assumptions | undefined): Draft {
  if (!assumptions) return {};
  return Object.fromEntries(CALCULATOR_FIELDS.map(({ name, kind }) => [name, asText(kind, assumptions[name])]));
}

/** The form of a kept scenario: what was changed in it. */
export function draftOf(assumptions: Partial<EffectiveAssumptions>): Draft {
  const wanted: readonly string[] = assumptions.changed ?? CALCULATOR_FIELDS.map((field) => field.name);
  const draft: Draft = {};
  for (const { name, kind } of CALCULATOR_FIELDS) {
    const value = assumptions[name];
    if (wanted.includes(name) && value !== undefined && value !== null) draft[name] = asText(kind, value);
  }
  return draft;
}

/** The form as the user's own fee profile fills it. */
export function draftOfProfile({ fee_rate, fixed_cost, shipping, sell_through }: FeeProfile): Draft {
  return draftOf(
    Object.fromEntries(
      Object.entries({ fee_rate, fixed_cost, shipping_cost: shipping, sell_through }).filter(([, value]) => value !== undefined && value !== null && value !== ""),
    ),
  );
}
