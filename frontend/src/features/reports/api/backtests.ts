import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { request } from "@/api/request";
import type { Job, Opportunity, RiskLevel } from "@/api/types";
import { newRequestKey } from "@/lib/request-key";

import { reportKeys } from "./keys";

export interface CalibrationBin {
  low: string;
  high: string;
  count: number;
  expected: string;
  realised: string;
  wilson_low: string;
  wilson_high: string;
}

export interface Totals {
  signals: number;
  first_signals: number;
  judged: number;
  hits: number;
  hit_rate: string | null;
  profit_per_signal: string | null;
  median_profit: string | null;
  total_profit: string | null;
  expected_profit: string | null;
  first_judged: number;
  first_hit_rate: string | null;
  profit_per_first_signal: string | null;
}

export type Split = Totals & { currency: string; risk_level?: RiskLevel; category?: string; source?: string };

export interface BacktestDay {
  day: string;
  currency: string;
  signals: number;
  judged: number;
  profit: string | null;
}

export interface BacktestSummary {
  currencies: Record<string, Totals>;
  by_risk: Split[];
  by_category: Split[];
  by_source: Split[];
  calibration: CalibrationBin[];
  brier: string | null;
  days: BacktestDay[];
  left_out: Record<string, number>;
  notes: string[];
}

export interface Backtest {
  id: string;
  state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
  job: string | null;
  requested_by: string | null;
  from_day: string;
  to_day: string;
  horizon_days: number;
  parameters: Record<string, string>;
  algorithm_version: string;
  signal_count: number;
  error: string;
  created_at: string;
  finished_at: string | null;
}

export type BacktestDetail = Backtest & { progress_done: number | null; progress_total: number | null; summary: BacktestSummary | null };

export interface BacktestOrder {
  from_day: string;
  to_day: string;
  horizon_days: number;
  source?: string;
  category?: string;
  floor?: string;
  fee_rate?: string;
}

export interface Signal {
  day: string;
  product: Opportunity["sealed_product"];
  source: string;
  currency: string;
  total_cost: string;
  expected_profit: string;
  margin_percentage: string;
  confidence_score: string;
  risk_level: RiskLevel;
  is_first: boolean;
  realised_profit: string | null;
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
