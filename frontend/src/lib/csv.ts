// CSV that a spreadsheet opens without running anything: text that would start a formula gets a leading quote.

import { isDecimal } from "./decimal";

const STARTS_FORMULA = /^[\s]*[=+\-@\t\r]/;

/** One cell: guarded against formulas, quoted when it must be. Plain negative numbers stay numbers. */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  const safe = STARTS_FORMULA.test(text) && !isDecimal(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A whole file (RFC 4180, CRLF, byte order mark so that Excel reads UTF-8). */
export function csvFile(header: string[], rows: (string | number | boolean | null | undefined)[][]): string {
  return `\uFEFF${[header, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

/** Hand the text to the browser as a download. */
export function downloadText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
