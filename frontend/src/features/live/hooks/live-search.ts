// The control room's URL: which desk is looked at.

import { DESKS, type Desk } from "@/lib/instruments";
import { oneOf, type RawSearch } from "@/lib/search-params";

export interface LiveSearch {
  market?: Desk;
}

export function parseLiveSearch(raw: RawSearch): LiveSearch {
  const market = oneOf(raw, "market", DESKS.map(({ value }) => value));
  return market ? { market } : {};
}
