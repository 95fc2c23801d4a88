import { expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";

import { findMovers } from "./movers";

const [calm, up, down] = [makeOpportunity(), makeOpportunity(), makeOpportunity()];

function course(opportunity: typeof calm, prices: string[], source = "cardmarket") {
  return { product: opportunity.sealed_product.id, source, currency: "EUR", points: prices.map((price, index) => ({ day: `2026-11-0${index + 1}`, price })) };
}

it("ranks moves by size, whichever way, at the source where one buys", () => {
  const courses = [course(calm, ["10.00", "10.00"]), course(up, ["10.00", "11.00"]), course(down, ["10.00", "7.50"]), course(calm, ["1.00", "9.00"], "tcgplayer")];

  const movers = findMovers([calm, up, down, up], courses, 5);

  expect(movers.map(({ opportunity, change }) => [opportunity.id, change])).toEqual([[down.id, "-25.0"], [up.id, "10.0"]]);
});

it("says nothing of a product with one price", () => {
  expect(findMovers([up], [course(up, ["10.00"])], 5)).toEqual([]);
});
