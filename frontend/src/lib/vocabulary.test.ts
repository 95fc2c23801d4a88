import { expect, it } from "vitest";

import { identifierName, sourceName } from "./vocabulary";

it("names sources as people do, with whom they repeat", () => {
  expect(["cardkingdom", "mtgjson_cardkingdom", "tcgdex_cardmarket", "some_shop"].map(sourceName)).toEqual([
    "Card Kingdom", "MTGJSON · Card Kingdom", "TCGdex · Cardmarket", "Some shop",
  ]);
});

it("names the owner of an identifier", () => {
  expect(["mcm", "ck_sku", "scryfall"].map(identifierName)).toEqual(["Cardmarket", "Card Kingdom, stock number", "Scryfall"]);
});
