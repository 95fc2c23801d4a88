import type { ReactNode } from "react";

import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tab-links";

import type { Report, ReportSearch } from "../hooks/report-search";
import { BacktestList } from "./backtest-list";
import { BacktestResult } from "./backtest-result";
import { CalibrationReport } from "./calibration-report";
import { FindingsReport } from "./findings-report";
import { ProfitReport } from "./profit-report";

const TABS = [
  { value: "profit", label: "Profit" },
  { value: "calibration", label: "Calibration" },
  { value: "backtests", label: "Back-tests" },
  { value: "contents", label: "Doubtful contents" },
  { value: "coverage", label: "Coverage" },
] as const;

interface ReportsPageProps {
  search: ReportSearch;
  onSearch: (next: ReportSearch) => void;
  /** May start back-tests and judge findings. */
  isAnalyst: boolean;
  /** Coverage of the sources, which the markets know. */
  coverage: ReactNode;
}

/** What came of it: profit, honesty of the chances, replays, doubts, coverage. */
export function ReportsPage({ search, onSearch, isAnalyst, coverage }: ReportsPageProps) {
  const shown: Report = search.report ?? "profit";
  return (
    <div className="mx-auto max-w-6xl space-y-3">
      <PageHeader title="Reports" />
      <TabLinks label="Reports" value={shown} tabs={TABS} onChange={(report) => onSearch(report === "profit" ? {} : { report })} />
      {shown === "profit" && <ProfitReport search={search} onSearch={onSearch} />}
      {shown === "calibration" && <CalibrationReport />}
      {shown === "backtests" && (search.backtest
        ? <BacktestResult key={search.backtest} id={search.backtest} onBack={() => onSearch({ report: "backtests" })} />
        : <BacktestList mayStart={isAnalyst} onOpen={(backtest) => onSearch({ report: "backtests", backtest })} />)}
      {shown === "contents" && <FindingsReport search={search} onSearch={onSearch} mayJudge={isAnalyst} />}
      {shown === "coverage" && coverage}
    </div>
  );
}
