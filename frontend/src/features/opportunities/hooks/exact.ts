// Exact steps on decimal text for the few figures the dashboard works out itself: the change between two figures,
// a figure for several products. Everything else is the server's.

import type { Decimal } from "@/lib/decimal";
import { isDecimal } from "@/lib/decimal";

interface Scaled {
  digits: bigint;
  places: number;
}

function scaled(value: Decimal): Scaled {
  const [whole = "0", fraction = ""] = value.trim().split(".");
  return { digits: BigInt(whole + fraction), places: fraction.length };
}

function render(digits: bigint, places: number): Decimal {
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, "0");
  const point = text.length - places;
  const sign = digits < 0n ? "-" : "";
  return places === 0 ? `${sign}${text}` : `${sign}${text.slice(0, point)}.${text.slice(point)}`;
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const [x, y] = [scaled(a), scaled(b)];
  const places = Math.max(x.places, y.places);
  return [x.digits * 10n ** BigInt(places - x.places), y.digits * 10n ** BigInt(places - y.places), places];
}

/** `to` - `from`; null when one of them is unknown. */
export function difference(from: Decimal | null | undefined, to: Decimal | null | undefined): Decimal | null {
  if (!from || !to || !isDecimal(from) || !isDecimal(to)) return null;
  const [a, b, places] = aligned(from, to);
  return render(b - a, places);
}

/** `value` for `count` pieces. */
export function times(value: Decimal, count: number): Decimal {
  if (!isDecimal(value)) return value;
  const { digits, places } = scaled(value);
  return render(digits * BigInt(Math.trunc(count)), places);
}

/** The change in percent of the size of `from`, to one decimal, half away from zero; null from nothing. */
export function percentChange(from: Decimal | null | undefined, to: Decimal | null | undefined): Decimal | null {
  if (!from || !to || !isDecimal(from) || !isDecimal(to)) return null;
  const [a, b] = aligned(from, to);
  if (a === 0n) return null;
  const size = a < 0n ? -a : a;
  const moved = (b - a) * 1000n;
  const half = moved < 0n ? -size : size;
  return render((2n * moved + half) / (2n * size), 1);
}

/** Percent as a fraction: "12.5" becomes "0.125". */
export function fractionOf(percent: Decimal): Decimal {
  const { digits, places } = scaled(percent);
  return trimZeros(render(digits, places + 2));
}

/** A fraction as percent: "0.125" becomes "12.5". */
export function percentOf(fraction: Decimal): Decimal {
  const { digits, places } = scaled(fraction);
  return trimZeros(places >= 2 ? render(digits, places - 2) : render(digits * 10n ** BigInt(2 - places), 0));
}

/** "12.50" as "12.5", "3.00" as "3". */
export function trimZeros(value: Decimal): Decimal {
  return value.includes(".") ? value.replace(/\.?0+$/, "") : value;
}
