import { expect, it } from "vitest";

import { csvCell, csvFile } from "./csv";

it.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1+1", "'+1+1"],
  ["-2+3", "'-2+3"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  [" =1", "' =1"],
  ["-3.20", "-3.20"],
  ["Neon Dynasty", "Neon Dynasty"],
])("writes %j as %j", (value, expected) => {
  expect(csvCell(value)).toBe(expected);
});

it("quotes what needs quoting and leaves the missing empty", () => {
  expect(csvCell('The "best", they say')).toBe('"The ""best"", they say"');
  expect(csvCell("=a,b")).toBe('"\'=a,b"');
  expect(csvCell(null)).toBe("");
});

it("writes a file that spreadsheets read as UTF-8", () => {
  expect(csvFile(["a", "b"], [["1", null], [true, "é"]])).toBe("\uFEFFa,b\r\n1,\r\ntrue,é\r\n");
});
