import { expect, it } from "vitest";

import { makeOpportunity } from "@/testing/factories";

import { opportunitiesCsv } from "./use-export";

function parse(csv: string): string[][] {
  return csv.replace("\uFEFF", "").trim().split("\r\n").map((line) => line.split(","));
}

it("exports exactly the chosen columns, figures as the API gave them", () => {
  const row = makeOpportunity({ net_profit: "-3.20", name: "Box" });

  const [header, cells] = parse(opportunitiesCsv([row], { columns: ["profit", "risk"] }));

  expect(header).toEqual(["id", "product", "set_code", "set_name", "category", "currency", "net_profit", "risk_level"]);
  expect(cells).toEqual([row.id, "Box", "NEO", "Kamigawa: Neon Dynasty", "mtg", "EUR", "-3.20", "low"]);
});

it("disarms a product name that a spreadsheet would run", () => {
  const [, cells] = parse(opportunitiesCsv([makeOpportunity({ name: "=cmd|' /C calc'!A0" })], { columns: ["risk"] }));

  expect(cells?.[1]).toBe("'=cmd|' /C calc'!A0");
});
