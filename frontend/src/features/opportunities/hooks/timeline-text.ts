// Audit events in words.

import { formatMoney, formatPercent, humanise } from "@/lib/format";

const VERBS: Record<string, string> = {
  "opportunity.opened": "Found",
  "opportunity.updated": "Figures updated",
  "opportunity.reopened": "Found again",
  "opportunity.expired": "Expired",
  "opportunity.cancelled": "Dismissed",
  "opportunity.executed": "Executed",
  "opportunity.reviewed": "Reviewed by a person",
  "opportunity.annotated": "Note changed",
  "opportunity.alerted": "Alert sent",
  "execution.bought": "Bought on paper",
  "execution.opened": "Opening entered",
  "execution.sale_entered": "Sale entered",
  "execution.sold_partly": "Part of the cards sold",
  "execution.settled": "All cards sold",
  "execution.cancelled": "Execution cancelled",
  "execution.noted": "Note of the execution changed",
};

/** "Figures updated"; an unknown verb is shown as it is, readable. */
export function verbText(verb: string): string {
  return VERBS[verb] ?? humanise(verb.replaceAll(".", ": ").replaceAll("_", " "));
}

const MONEY = /(price|cost|profit|value|proceeds|amount|limit)$/;
const HIDDEN = new Set(["currency", "opportunity", "execution", "product", "shown", "checked"]);

function valueText(key: string, value: unknown, currency: string): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.map((item) => (typeof item === "object" ? JSON.stringify(item) : humanise(String(item)).toLowerCase())).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (key.endsWith("percentage")) return formatPercent(text);
  if (MONEY.test(key) && currency) return formatMoney(text, currency);
  return text;
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

function currencyOf(...records: (Record<string, unknown> | null)[]): string {
  const found = records.map((record) => record?.["currency"]).find((currency) => typeof currency === "string");
  return typeof found === "string" ? found : "";
}

/** The event's figures as pairs: before and after where it has both, and only what changed. */
export function eventFacts(data: Record<string, unknown>): [label: string, text: string][] {
  const [before, after] = [asRecord(data["before"]), asRecord(data["after"])];
  const currency = currencyOf(data, after, before);
  const plain = Object.entries(data).filter(([key]) => key !== "before" && key !== "after");
  const facts = [...plain, ...Object.entries(after ?? {})].filter(([key]) => !HIDDEN.has(key) && !key.endsWith("_id"));
  return facts
    .filter(([key, value]) => !before || !(key in before) || before[key] !== value)
    .map(([key, value]) => {
      const text = valueText(key, value, currency);
      return [humanise(key), before && key in before ? `${valueText(key, before[key], currency)} → ${text}` : text];
    });
}
