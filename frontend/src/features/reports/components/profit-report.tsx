import { ArrowDownTrayIcon } from "@heroicons/react/20/solid";

import { SignedBars } from "@/components/charts/signed-bars";
import { Button } from "@/components/ui/button";
import { InputField } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { csvFile, downloadText } from "@/lib/csv";
import { formatCount } from "@/lib/format";
import { formatDate } from "@/lib/time";
import { categoryName, sourceName } from "@/lib/vocabulary";

import { useProfit, type ProfitRow } from "../api/profit";
import type { Grouping, ReportSearch } from "../hooks/report-search";

const GROUPS = [
  { value: "week", label: "Week" },
  { value: "source", label: "Source" },
  { value: "category", label: "Game" },
  { value: "risk_level", label: "Risk" },
] as const;
const HEADS = ["Currency", "Executions", "Settled", "Expected", "Expected of settled", "Realised"] as const;

export function nameOfGroup(group: Grouping, row: Pick<ProfitRow, "key" | "label">): string {
  if (group === "week") return /^\d{4}-\d{2}-\d{2}$/.test(row.key) ? formatDate(row.key).replace(/ \d{4}$/, "") : row.label || row.key;
  if (group === "source") return sourceName(row.key);
  return group === "category" ? categoryName(row.key) : row.label || row.key;
}

function download(group: Grouping, rows: readonly ProfitRow[]): void {
  const header = [group, "currency", "executions", "settled", "expected_profit", "expected_of_settled", "realised_profit"];
  downloadText(`profit-by-${group}.csv`, csvFile(header, rows.map((row) => [row.key, row.currency, row.executions, row.settled, row.expected_profit, row.expected_of_settled, row.realised_profit])));
}

function Table({ group, rows }: { group: Grouping; rows: readonly ProfitRow[] }) {
  const head = GROUPS.find(({ value }) => value === group)?.label ?? "";
  return (
    <div role="group" aria-label="Figures" tabIndex={0} className="overflow-x-auto">
      <table aria-label={`Profit by ${head.toLowerCase()}`} className="w-full min-w-160 text-[0.8125rem]">
        <thead className="border-y text-xs text-muted">
          <tr>{[head, ...HEADS].map((name, index) => <th key={name} scope="col" className={index < 2 ? "px-4 py-2 text-left font-medium" : "px-4 py-2 text-right font-medium"}>{name}</th>)}</tr>
        </thead>
        <tbody className="divide-y">
          {rows.map((row) => (
            <tr key={`${row.key} ${row.currency}`}>
              <th scope="row" className="px-4 py-2 text-left font-medium whitespace-nowrap">{nameOfGroup(group, row)}</th>
              <td className="px-4 py-2">{row.currency}</td>
              <td className="num px-4 py-2 text-right">{formatCount(row.executions)}</td>
              <td className="num px-4 py-2 text-right">{formatCount(row.settled)}</td>
              <td className="px-4 py-2 text-right"><Money amount={row.expected_profit} currency={row.currency} /></td>
              <td className="px-4 py-2 text-right"><Money amount={row.expected_of_settled} currency={row.currency} /></td>
              <td className="px-4 py-2 text-right font-semibold"><Money amount={row.realised_profit} currency={row.currency} signed /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ProfitReportProps {
  search: ReportSearch;
  onSearch: (next: ReportSearch) => void;
}

/** What executions were expected to bring and what they brought. */
export function ProfitReport({ search, onSearch }: ProfitReportProps) {
  const group = search.group ?? "week";
  const query = useProfit({ group, from: search.from, to: search.to });
  return (
    <Section
      title="Profit, expected and realised"
      note="Of executions on paper. A bar is what settled executions brought, the line across it what they had been expected to bring. Currencies are never added up."
      bodyClass=""
      actions={
        <div className="flex flex-wrap items-end gap-2">
          <Segmented label="Group by" value={group} options={GROUPS} onChange={(next) => onSearch({ ...search, group: next === "week" ? undefined : next })} />
          <InputField label="First day" type="date" value={search.from ?? ""} onChange={(from) => onSearch({ ...search, from: from || undefined })} />
          <InputField label="Last day" type="date" value={search.to ?? ""} onChange={(to) => onSearch({ ...search, to: to || undefined })} />
          <Button disabled={!query.data?.length} onClick={() => download(group, query.data ?? [])}><ArrowDownTrayIcon aria-hidden className="size-4" />CSV</Button>
        </div>
      }
    >
      <QueryState
        query={query}
        skeleton={<Skeleton className="m-4 h-56" />}
        empty={(rows) => rows.length === 0 && <EmptyState title="Nothing was executed in this time">Executions on paper, and what became of them, are counted here.</EmptyState>}
      >
        {(rows) => (
          <>
            <div className="space-y-4 px-4 pb-4 sm:px-5">
              {[...new Set(rows.map((row) => row.currency))].map((currency) => (
                <SignedBars
                  key={currency}
                  label={`Realised profit in ${currency}`}
                  currency={currency}
                  bars={rows.filter((row) => row.currency === currency).map((row) => ({ key: row.key, label: nameOfGroup(group, row), value: row.realised_profit, mark: row.expected_of_settled }))}
                />
              ))}
            </div>
            <Table group={group} rows={rows} />
          </>
        )}
      </QueryState>
    </Section>
  );
}
