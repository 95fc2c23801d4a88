// Readers of loosely typed objects, such as events of the stream: what does not fit is null.

export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(raw: Raw, key: string): string {
  const value = raw[key];
  return typeof value === "string" ? value : "";
}

export function numberOf(raw: Raw, key: string): number | null {
  const value = raw[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Decimal text; a number becomes the text it prints as. */
export function decimalOf(raw: Raw, key: string): string | null {
  const value = raw[key];
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : null;
}

/** Milliseconds since the epoch, from such a number or from ISO 8601. */
export function momentOf(raw: Raw, ...keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = raw[key];
    const moment = typeof value === "string" ? Date.parse(value) : value;
    if (typeof moment === "number" && Number.isFinite(moment)) return moment;
  }
  return null;
}

export function textsOf(raw: Raw, key: string): string[] | null {
  const value = raw[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : null;
}

export function listOf(raw: Raw, key: string): Raw[] {
  const value = raw[key];
  return Array.isArray(value) ? value.filter(isRaw) : [];
}

/** What is said now, or else what was known: an event may leave out what did not change. */
export function newer<T>(raw: Raw, key: string, read: (raw: Raw, key: string) => T | null, before: T | null | undefined): T | null {
  return key in raw ? read(raw, key) : (before ?? null);
}

/** The same for text. */
export function newerText(raw: Raw, key: string, before: string | undefined): string {
  return key in raw ? textOf(raw, key) : (before ?? "");
}

/** One of a closed list. */
export function oneOfText<T extends string>(raw: Raw, key: string, allowed: readonly T[], fallback: T): T {
  const value = textOf(raw, key);
  return allowed.find((item) => item === value) ?? fallback;
}
