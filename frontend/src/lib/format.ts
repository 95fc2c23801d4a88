// Text for people. Decimals go to Intl as text, so no digit is lost on the way.

import { isDecimal, shiftPoint, signOf, type Decimal } from "./decimal";

const LOCALE = "en-GB";
export const MISSING = "–";

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(LOCALE, options);
  formatters.set(key, made);
  return made;
}

function render(options: Intl.NumberFormatOptions, value: Decimal): string {
  // Minus as U+2212: it is as wide as a digit and no screen reader calls it a hyphen.
  return formatter(options).format(value as Intl.StringNumericLiteral).replace("-", "−");
}

type SignStyle = "auto" | "always";
const signDisplay = (sign: SignStyle) => (sign === "always" ? "exceptZero" : "auto");

/** "€1,234.50"; with sign "always" also "+€3.00". An unknown currency keeps its code: "12.00 XQX". */
export function formatMoney(amount: Decimal | null | undefined, currency: string, sign: SignStyle = "auto"): string {
  if (amount === null || amount === undefined || !isDecimal(amount)) return MISSING;
  try {
    return render({ style: "currency", currency, signDisplay: signDisplay(sign), currencyDisplay: "narrowSymbol" }, amount);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** A percentage that arrives as percent: "31.5" becomes "31.5 %". */
export function formatPercent(value: Decimal | null | undefined, places = 1, sign: SignStyle = "auto"): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  const text = render(
    { maximumFractionDigits: places, minimumFractionDigits: places, signDisplay: signDisplay(sign) },
    value,
  );
  return `${text}\u202F%`;
}

/** A fraction shown as a percentage: "0.9731" becomes "97.3 %". */
export function formatFraction(value: Decimal | null | undefined, places = 1): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  return formatPercent(shiftPoint(value, 2), places);
}

/** A chance: never "0.0 %" for something that can happen, never "100 %" for something that can fail. */
export function formatChance(value: Decimal | null | undefined): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  const percent = Number(shiftPoint(value, 2));
  if (percent > 0 && percent < 0.1) return "<\u202F0.1\u202F%";
  if (percent > 99.9 && percent < 100) return ">\u202F99.9\u202F%";
  return formatPercent(shiftPoint(value, 2), percent >= 10 || percent === 0 ? 0 : 1);
}

/** A plain decimal with a bounded number of places; trailing zeros go. */
export function formatDecimal(value: Decimal | null | undefined, places = 2): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  return render({ maximumFractionDigits: places }, value);
}

/** "1,204". */
export function formatCount(value: number): string {
  return formatter({ maximumFractionDigits: 0 }).format(value);
}

/** "1 opportunity", "3 opportunities". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "booster_box" becomes "Booster box". */
export function humanise(code: string): string {
  const text = code.replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** gain, loss or even: which tone a signed figure takes. */
export function toneOf(value: Decimal | null | undefined): "gain" | "loss" | "even" {
  const sign = value ? signOf(value) : 0;
  return sign > 0 ? "gain" : sign < 0 ? "loss" : "even";
}
