// What an event changed: rows of before and after where it says so, plain facts otherwise.

export interface DiffRow {
  name: string;
  before: string | null;
  after: string | null;
  isChanged: boolean;
}

type Facts = Record<string, unknown>;

function isFacts(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as text; null where there was none. */
export function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function rowOf(name: string, before: unknown, after: unknown): DiffRow {
  const [old, now] = [textOf(before), textOf(after)];
  return { name, before: old, after: now, isChanged: old !== now };
}

/** Changes first, then what stayed. Values may be whole objects (`before: {…}`) or pairs per field (`x: {before, after}`). */
export function diffOf(data: Facts): DiffRow[] {
  const { before, after, ...rest } = data;
  const rows: DiffRow[] = [];
  if (isFacts(before) || isFacts(after)) {
    const [old, now] = [isFacts(before) ? before : {}, isFacts(after) ? after : {}];
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) rows.push(rowOf(name, old[name], now[name]));
  } else if (before !== undefined || after !== undefined) {
    rows.push(rowOf("value", before, after));
  }
  for (const [name, value] of Object.entries(rest)) {
    if (isFacts(value) && ("before" in value || "after" in value)) rows.push(rowOf(name, value["before"], value["after"]));
  }
  return rows.sort((a, b) => Number(b.isChanged) - Number(a.isChanged));
}

/** What the event says besides changes. */
export function factsOf(data: Facts): [name: string, value: string][] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (name === "before" || name === "after" || (isFacts(value) && ("before" in value || "after" in value))) return [];
    return [[name, textOf(value) ?? "–"] as [string, string]];
  });
}

const PAGES: Record<string, string> = { opportunity: "/app/opportunities/", product: "/app/products/", execution: "/app/executions/" };

/** The dashboard's page of a subject such as `opportunity:ID`, if it has one. */
export function pageOf(subject: string): string | null {
  const [type = "", id = ""] = subject.split(/:(.*)/s);
  const base = PAGES[type];
  return base && /^[0-9a-f-]{36}$/.test(id) ? `${base}${id}` : null;
}
