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

const SCIENTIFIC = /^(-?)(\d+)(?:\.(\d+))?E([+-]?\d{1,3})$/i;

/** "0E-12" is "0", "1.5E-7" is "0.00000015": the same digits without powers of ten. */
function plain(text: string): string {
  const match = SCIENTIFIC.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "0", fraction = "", power = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  const shifted = point <= 0 ? `0.${"0".repeat(-point)}${digits}` : point >= digits.length ? digits.padEnd(point, "0") : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return /^[0.]*$/.test(shifted) ? "0" : `${sign}${shifted}`;
}

/** Decimal text; a number becomes the text it prints as. */
export function decimalOf(raw: Raw, key: string): string | null {
  const value = raw[key];
  if (typeof value === "string" && value !== "") return plain(value);
  return typeof value === "number" && Number.isFinite(value) ? plain(String(value)) : null;
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
