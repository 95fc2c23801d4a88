import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { request } from "@/api/request";
import { dayAfter } from "@/lib/time";

import type { Grouping } from "../hooks/report-search";
import { reportKeys } from "./keys";

export interface ProfitRow {
  /** Of the group: the week's first day, a source's code, a game, a risk level. */
  key: string;
  label: string;
  currency: string;
  executions: number;
  settled: number;
  expected_profit: string | null;
  realised_profit: string | null;
  expected_of_settled: string | null;
}

export interface ProfitQuery {
  group: Grouping;
  from?: string;
  to?: string;
}

/** Expected and realised profit of the executions, group by group and currency by currency; `to` is the last day. */
export function useProfit(query: ProfitQuery) {
  return useQuery({
    queryKey: reportKeys.profit(query),
    queryFn: async ({ signal }) => (await request<{ rows: ProfitRow[] }>("get", "/api/v1/reports/profit/", { query: { ...query, to: query.to && dayAfter(query.to) }, signal })).rows,
    placeholderData: keepPreviousData,
  });
}
