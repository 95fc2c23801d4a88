import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Job, Schemas } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

import { reportKeys } from "./keys";

export type BacktestSummary = Schemas["BacktestSummary"];
export type BacktestDetail = Schemas["BacktestDetail"];
export type Signal = Schemas["BacktestSignal"];
export type CalibrationBin = Schemas["CalibrationBin"];
export type Totals = Schemas["Totals"];
export type BacktestDay = Schemas["BacktestDay"];
export type Backtest = Schemas["Backtest"];

export type Split = Totals & { currency: string; risk_level?: string; category?: string; source?: string };

export interface BacktestOrder {
  from_day: string;
  to_day: string;
  horizon_days: number;
  source?: string;
  category?: string;
  floor?: string;
  fee_rate?: string;
}

const OPEN: ReadonlySet<Backtest["state"]> = new Set(["queued", "running"]);
const POLL_MS = 2_000;

export function isUnderWay({ state }: Pick<Backtest, "state">): boolean {
  return OPEN.has(state);
}

export function useBacktests() {
  return useQuery({
    queryKey: reportKeys.backtests(),
    queryFn: async ({ signal }) => (await request<{ results: Backtest[] }>("get", "/api/v1/backtests/", { query: { page_size: 50 }, signal })).results,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? POLL_MS : false),
  });
}

export function useBacktest(id: string) {
  return useQuery({
    queryKey: reportKeys.backtest(id),
    queryFn: ({ signal }) => request<BacktestDetail>("get", `/api/v1/backtests/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? POLL_MS : false),
  });
}

export function useSignals(id: string, page: number, isFirst: boolean) {
  const query = { page, page_size: 25, ...(isFirst && { is_first: true }) };
  return useQuery({
    queryKey: reportKeys.signals(id, query),
    queryFn: ({ signal }) => request<{ count: number; results: Signal[] }>("get", `/api/v1/backtests/${id}/signals/`, { query, signal }),
    placeholderData: keepPreviousData,
  });
}

export function useStartBacktest() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: BacktestOrder) => request<{ job: Job; backtest: Backtest }>("post", "/api/v1/backtests/", { body: order, key: newRequestKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: reportKeys.backtests() }),
  });
}

export interface Calibration {
  bins: CalibrationBin[];
  brier: string | null;
  count: number;
}

/** How often executions with a stated chance of profit made one. */
export function useCalibration() {
  return useQuery({
    queryKey: reportKeys.calibration(),
    queryFn: ({ signal }) => request<Calibration>("get", "/api/v1/reports/calibration/", { query: { basis: "executions" }, signal }),
  });
}
