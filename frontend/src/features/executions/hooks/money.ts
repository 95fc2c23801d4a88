// Exact sums and differences of decimal text, for rows that the API states in parts.

import { isDecimal, type Decimal } from "@/lib/decimal";

function scaled(value: Decimal, places: number): bigint {
  const [whole = "0", fraction = ""] = value.trim().split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
}

function placesOf(value: Decimal): number {
  return value.split(".")[1]?.length ?? 0;
}

/** The exact sum; what is no number counts as nothing. */
export function sum(values: readonly (Decimal | null | undefined)[]): Decimal {
  const numbers = values.filter((value): value is Decimal => typeof value === "string" && isDecimal(value));
  const places = Math.max(2, ...numbers.map(placesOf));
  const total = numbers.reduce((all, value) => all + scaled(value, places), 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, "0");
  return `${total < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `value` with the other sign. */
export function negate(value: Decimal): Decimal {
  return value.startsWith("-") ? value.slice(1) : `-${value}`;
}

/** `a` - `b`; null when one of them is unknown. */
export function minus(a: Decimal | null | undefined, b: Decimal | null | undefined): Decimal | null {
  return a && b && isDecimal(a) && isDecimal(b) ? sum([a, negate(b)]) : null;
}

/** `price` for so many pieces. */
export function timesCount(price: Decimal, count: number): Decimal {
  const places = Math.max(2, placesOf(price));
  const total = scaled(price, places) * BigInt(count);
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, "0");
  return `${total < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
