// Names and amounts of what the live desk trades: gift cards and crypto pairs, in fiat money and in coins.

import { absolute, approximate, isDecimal, type Decimal } from "./decimal";
import { formatDecimal, formatMoney, humanise, MISSING } from "./format";

export const DESKS = [
  { value: "giftcard", label: "Gift cards" },
  { value: "crypto", label: "Crypto" },
] as const;
export type Desk = (typeof DESKS)[number]["value"];

const FIAT = new Set(["USD", "EUR", "GBP", "CAD", "AUD", "JPY", "CHF", "SEK", "PLN", "MXN", "BRL", "INR", "TRY"]);
const VENUES: Record<string, string> = { binance: "Binance", coinbase: "Coinbase", kraken: "Kraken", okx: "OKX", bybit: "Bybit", reloadly: "Reloadly", bitrefill: "Bitrefill" };

export interface Instrument {
  desk: Desk;
  /** Brand of a card, base asset of a pair. */
  base: string;
  /** Currency that prices are in. */
  quote: string;
  denomination: string;
  region: string;
  name: string;
}

function brandName(slug: string): string {
  return slug.split("-").map((word) => (word === "itunes" ? "iTunes" : humanise(word))).join(" ");
}

/** What a symbol stands for: `giftcard:amazon:50:USD:US` is "Amazon $50 US", `crypto:BTC/USDT` is "BTC/USDT". */
export function readSymbol(symbol: string): Instrument {
  const [kind = "", base = "", denomination = "", quote = "", region = ""] = symbol.split(":");
  if (kind === "giftcard" && region) {
    const face = isDecimal(denomination) ? formatMoney(denomination, quote).replace(/\.00$/, "") : denomination;
    return { desk: "giftcard", base, quote, denomination, region, name: `${brandName(base)} ${face} ${region}` };
  }
  const pair = kind === "crypto" ? base : symbol;
  const [first = pair, second = ""] = pair.split("/");
  return { desk: "crypto", base: first, quote: second, denomination: "", region: "", name: pair };
}

export function venueName(code: string): string {
  return VENUES[code] ?? humanise(code);
}

function placesFor(value: Decimal): number {
  const size = approximate(absolute(value));
  if (size >= 1 || size === 0) return 2;
  return size >= 0.01 ? 4 : 8;
}

/** An amount in fiat money or in a coin, with as many places as it needs: "$48.75", "0.0042 BTC". */
export function formatAmount(value: Decimal | null | undefined, currency: string, sign: "auto" | "always" = "auto"): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  const places = placesFor(value);
  if (FIAT.has(currency) && places <= 4) return formatMoney(value, currency, sign);
  const plus = sign === "always" && !value.startsWith("-") && approximate(value) !== 0 ? "+" : "";
  return `${plus}${formatDecimal(value, places)}\u202F${currency}`;
}

/** Without its currency, where a column says it. */
export function formatPrice(value: Decimal | null | undefined): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  return formatDecimal(value, placesFor(value));
}

/** How many: whole cards, or coins to eight places. */
export function formatSize(value: Decimal | null | undefined): string {
  if (value === null || value === undefined) return MISSING;
  return formatDecimal(value, approximate(value) >= 100 ? 2 : approximate(value) >= 1 ? 4 : 8);
}

/** Basis points with one place: "85.3". */
export function formatBps(value: Decimal | null | undefined, sign: "auto" | "always" = "auto"): string {
  if (value === null || value === undefined || !isDecimal(value)) return MISSING;
  const text = formatDecimal(value, 1);
  return sign === "always" && approximate(value) > 0 ? `+${text}` : text;
}

/** "0.4 s" never reads as nothing: "now" below a second, then seconds, minutes, hours. */
export function formatAge(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return MISSING;
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
