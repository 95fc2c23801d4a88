// Audit events in words.

import { formatMoney, formatPercent, humanise } from "@/lib/format";

const VERBS: Record<string, string> = {
  "opportunity.opened": "Opened",
  "opportunity.updated": "Figures updated",
  "opportunity.reopened": "Opened again",
  "opportunity.expired": "Expired",
  "opportunity.cancelled": "Dismissed",
  "opportunity.dismissed": "Dismissed",
  "opportunity.executed": "Executed",
  "opportunity.reviewed": "Reviewed by a person",
  "opportunity.annotated": "Note changed",
  "execution.opened": "Bought on paper",
  "execution.bought": "Bought on paper",
  "execution.created": "Bought on paper",
  "execution.settled": "All cards sold",
  "execution.selling": "Cards being sold",
  "execution.cancelled": "Execution cancelled",
  "execution.failed": "Execution failed",
  "execution.noted": "Note of the execution changed",
  "opening.entered": "Opening entered",
  "sale.entered": "Sale entered",
};

/** "Figures updated"; an unknown verb is shown as it is, readable. */
export function verbText(verb: string): string {
  return VERBS[verb] ?? humanise(verb.replaceAll(".", ": ").replaceAll("_", " "));
}

const MONEY = /(price|cost|profit|value|proceeds|amount|limit)$/;
const HIDDEN = new Set(["currency", "opportunity", "execution", "product"]);

function valueText(key: string, value: unknown, currency: string): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.map((item) => (typeof item === "object" ? JSON.stringify(item) : humanise(String(item)).toLowerCase())).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (key.endsWith("percentage")) return formatPercent(text);
  if (MONEY.test(key) && currency) return formatMoney(text, currency);
  return text;
}

/** The event's figures as pairs: before and after where it has both. */
export function eventFacts(data: Record<string, unknown>): [label: string, text: string][] {
  const currency = typeof data["currency"] === "string" ? data["currency"] : "";
  const before = data["before"];
  const after = data["after"];
  if (typeof before === "object" && before !== null && typeof after === "object" && after !== null) {
    const old = before as Record<string, unknown>;
    return Object.entries(after).map(([key, value]) => [humanise(key), `${valueText(key, old[key], currency)} → ${valueText(key, value, currency)}`]);
  }
  return Object.entries(data)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => [humanise(key), valueText(key, value, currency)]);
}
