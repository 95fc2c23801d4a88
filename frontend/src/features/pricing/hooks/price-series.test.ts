import { describe, expect, it } from "vitest";

import { makePrice } from "@/testing/factories";

import { gapsOf, toColumns, toSeries } from "./price-series";

const day = (number: number) => `2026-11-${String(number).padStart(2, "0")}T00:00:00Z`;
const trend = (number: number, price = "10.00") => makePrice({ recorded_at: day(number), price });

describe("toSeries", () => {
  it("groups by source, type and variant, the most telling first, oldest price first", () => {
    const series = toSeries([
      makePrice({ price_type: "low", recorded_at: day(2) }),
      trend(2), trend(1),
      makePrice({ price_type: "trend", finish: "foil", recorded_at: day(1) }),
    ]);

    expect(series.map((line) => line.name)).toEqual(["Cardmarket, trend", "Cardmarket, lowest offer", "Cardmarket, trend, foil"]);
    expect(series[0]?.points.map((point) => point.at)).toEqual([Date.parse(day(1)), Date.parse(day(2))]);
  });

  it("keeps the last price of each day where days are drawn", () => {
    const at = (time: string, price: string) => makePrice({ recorded_at: `2026-11-20T${time}Z`, price });

    const [line] = toSeries([at("03:00:00", "10.00"), at("09:00:00", "19.00"), trend(21, "11.00")], { daily: true });

    expect(line?.points.map((point) => point.price)).toEqual(["19.00", "11.00"]);
  });

  it("puts an unknown price type last", () => {
    const names = toSeries([makePrice({ price_type: "novel" }), makePrice({ price_type: "buylist" })]).map((line) => line.priceType);

    expect(names).toEqual(["buylist", "novel"]);
  });
});

describe("gaps", () => {
  it("break a line in the middle of a long silence only", () => {
    const points = toSeries([1, 2, 3, 10, 11].map((number) => trend(number)))[0]?.points ?? [];

    expect(gapsOf(points)).toEqual([Date.parse("2026-11-06T12:00:00Z")]);
    expect(gapsOf(points.slice(0, 3))).toEqual([]);
    expect(gapsOf([])).toEqual([]);
  });

  it("become null, while times of other series stay undefined", () => {
    const [times, first, second] = toColumns(toSeries([trend(1), trend(2), trend(9), makePrice({ price_type: "low", recorded_at: day(3) })]));

    expect(times).toHaveLength(5);
    expect(first).toEqual([10, 10, undefined, null, 10]);
    expect(second).toEqual([undefined, undefined, 95, undefined, undefined]);
  });
});
