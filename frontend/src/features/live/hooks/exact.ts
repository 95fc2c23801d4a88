// Exact differences and products of decimal text, for what the API states in parts.

import { isDecimal, type Decimal } from "@/lib/decimal";

function unscaled(value: Decimal, places: number): bigint {
  const [whole = "0", fraction = ""] = value.trim().split(".");
  return BigInt(whole + fraction.padEnd(places, "0"));
}

function placesOf(value: Decimal): number {
  return value.split(".")[1]?.length ?? 0;
}

function scaled(total: bigint, places: number): Decimal {
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  const fraction = digits.slice(cut).replace(/0+$/, "");
  return `${total < 0n ? "-" : ""}${digits.slice(0, cut)}${fraction ? `.${fraction}` : ""}`;
}

/** a − b; null when one of them is unknown. */
export function minus(a: Decimal | null, b: Decimal | null): Decimal | null {
  if (a === null || b === null || !isDecimal(a) || !isDecimal(b)) return null;
  const places = Math.max(placesOf(a), placesOf(b));
  return scaled(unscaled(a, places) - unscaled(b, places), places);
}

/** a × b; null when one of them is unknown. */
export function times(a: Decimal | null, b: Decimal | null): Decimal | null {
  if (a === null || b === null || !isDecimal(a) || !isDecimal(b)) return null;
  const places = placesOf(a) + placesOf(b);
  return scaled(unscaled(a, placesOf(a)) * unscaled(b, placesOf(b)), places);
}
