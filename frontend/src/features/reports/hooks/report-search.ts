// The reports' URL: which report, grouped how, over which days, and which back-test is open.

import { oneOf, text, type RawSearch } from "@/lib/search-params";

export const REPORTS = ["profit", "calibration", "backtests", "contents", "coverage"] as const;
export type Report = (typeof REPORTS)[number];
export const GROUPINGS = ["week", "source", "category", "risk_level"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface ReportSearch {
  report?: Report;
  group?: Grouping;
  from?: string;
  to?: string;
  backtest?: string;
  /** State of the findings shown. */
  state?: string;
  check?: string;
}

function day(raw: RawSearch, key: string): string | undefined {
  const value = text(raw, key, 10);
  return value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

export function parseReportSearch(raw: RawSearch): ReportSearch {
  const found: ReportSearch = {
    report: oneOf(raw, "report", REPORTS),
    group: oneOf(raw, "group", GROUPINGS),
    from: day(raw, "from"),
    to: day(raw, "to"),
    backtest: text(raw, "backtest", 40),
    state: text(raw, "state", 20),
    check: text(raw, "check", 60),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
