// Names of the closed lists that the API uses as codes.

import type { Category } from "@/api/types";

import { humanise } from "./format";

export const CATEGORIES = [
  { value: "mtg", label: "Magic: The Gathering" },
  { value: "pokemon", label: "Pokémon" },
  { value: "yugioh", label: "Yu-Gi-Oh!" },
] as const satisfies readonly { value: Category; label: string }[];

export const SOURCES = [
  { value: "cardmarket", label: "Cardmarket" },
  { value: "tcgplayer", label: "TCGplayer" },
  { value: "cardkingdom", label: "Card Kingdom" },
] as const;

/** As the list of sources names them. */
const SOURCE_NAMES: Record<string, string> = {
  ...Object.fromEntries(SOURCES.map(({ value, label }) => [value, label])),
  ebay: "eBay",
  amazon: "Amazon",
  mtgjson: "MTGJSON",
  scryfall: "Scryfall",
  tcgdex: "TCGdex",
  pokemontcg: "Pokémon TCG API",
  ygoprodeck: "YGOPRODeck",
};

/** Name spaces of identifiers that are not called like the source of their prices. */
const IDENTIFIER_NAMES: Record<string, string> = {
  mcm: "Cardmarket",
  ck: "Card Kingdom",
  ck_sku: "Card Kingdom, stock number",
  cardtrader: "CardTrader",
  abu: "ABU Games",
  csi: "CoolStuffInc",
  hareruya: "Hareruya",
  scg: "Star City Games",
  tnt: "Troll and Toad",
  miniaturemarket: "Miniature Market",
};

export const SEALED_KINDS = [
  "booster_box", "booster_pack", "booster_case", "box_set", "bundle", "bundle_case", "case", "deck", "deck_box",
  "draft_set", "kit", "limited_aid_tool", "multiple_decks", "subset", "two_player_starter_set",
].map((value) => ({ value, label: humanise(value) }));

const PRICE_TYPES: Record<string, string> = {
  market: "Market",
  trend: "Trend",
  low: "Lowest offer",
  mid: "Median offer",
  avg: "Average sale",
  avg1: "1-day average",
  avg7: "7-day average",
  avg30: "30-day average",
  direct_low: "Lowest direct offer",
  retail: "Retail",
  buylist: "Buylist",
};

const ROUTES: Record<string, string> = { bulk: "Bulk feed", api: "API", page: "Page", file: "File", staff: "Staff" };

export function routeName(code: string): string {
  return ROUTES[code] ?? humanise(code);
}

export function categoryName(code: string): string {
  return CATEGORIES.find((item) => item.value === code)?.label ?? humanise(code);
}

/** "Cardmarket"; prices that one source passes on from another name both: "MTGJSON · Card Kingdom". */
export function sourceName(code: string): string {
  const [first = "", ...rest] = code.split("_");
  const [carrier, origin] = [SOURCE_NAMES[first], SOURCE_NAMES[rest.join("_")]];
  if (rest.length > 0 && carrier && origin) return `${carrier} · ${origin}`;
  return SOURCE_NAMES[code] ?? humanise(code);
}

/** Where an identifier is valid. */
export function identifierName(code: string): string {
  return IDENTIFIER_NAMES[code] ?? sourceName(code);
}

export function priceTypeName(code: string): string {
  return PRICE_TYPES[code] ?? humanise(code);
}
