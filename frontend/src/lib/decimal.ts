// Money and ratios arrive as decimal text. This module compares and scales such text exactly; nothing in the
// dashboard adds or multiplies money. `approximate` exists for geometry (bar widths, chart positions) only.

export type Decimal = string;

const PATTERN = /^(-?)(\d+)(?:\.(\d+))?$/;

interface Parts {
  negative: boolean;
  whole: string;
  fraction: string;
}

function parts(value: Decimal): Parts | null {
  const match = PATTERN.exec(value.trim());
  if (!match) return null;
  return { negative: match[1] === "-", whole: match[2] ?? "0", fraction: match[3] ?? "" };
}

/** Whether the text is a plain decimal number. */
export function isDecimal(value: string): boolean {
  return parts(value) !== null;
}

/** -1, 0 or 1. Text that is not a number counts as zero. */
export function signOf(value: Decimal): -1 | 0 | 1 {
  const found = parts(value);
  if (!found || /^0*$/.test(found.whole + found.fraction)) return 0;
  return found.negative ? -1 : 1;
}

/** Exact three-way comparison, for sorting. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const left = parts(a) ?? { negative: false, whole: "0", fraction: "" };
  const right = parts(b) ?? { negative: false, whole: "0", fraction: "" };
  const places = Math.max(left.fraction.length, right.fraction.length);
  const scaled = (value: Parts) =>
    BigInt(value.whole + value.fraction.padEnd(places, "0")) * (value.negative ? -1n : 1n);
  const [x, y] = [scaled(left), scaled(right)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The number without its sign. */
export function absolute(value: Decimal): Decimal {
  return value.trim().replace(/^-/, "");
}

/** Multiply by a power of ten by moving the point: shiftPoint("0.1234", 2) is "12.34". */
export function shiftPoint(value: Decimal, places: number): Decimal {
  const found = parts(value);
  if (!found) return value;
  const fraction = found.fraction.padEnd(places, "0");
  const whole = (found.whole + fraction.slice(0, places)).replace(/^0+(?=\d)/, "");
  const rest = fraction.slice(places);
  return `${found.negative ? "-" : ""}${whole}${rest ? `.${rest}` : ""}`;
}

/** A percentage as the share it means, by moving the point: fromPercent("12.5") is "0.125". */
export function fromPercent(value: Decimal): Decimal {
  const found = parts(value);
  if (!found) return value;
  const whole = found.whole.padStart(3, "0");
  const fraction = (whole.slice(-2) + found.fraction).replace(/0+$/, "");
  return `${found.negative ? "-" : ""}${whole.slice(0, -2).replace(/^0+(?=\d)/, "")}${fraction ? `.${fraction}` : ""}`;
}

/** A share as a percentage without needless zeros: toPercent("0.1250") is "12.5". */
export function toPercent(value: Decimal): Decimal {
  const shifted = shiftPoint(value, 2);
  return shifted.includes(".") ? shifted.replace(/\.?0+$/, "") : shifted;
}

/** A binary number near the decimal, for drawing. Never for arithmetic on money. */
export function approximate(value: Decimal | number | null | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** Share of `of` that `value` is, limited to [0, 1], for bar widths. */
export function fillRatio(value: Decimal, of: Decimal): number {
  const whole = approximate(of);
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, approximate(value) / whole));
}
