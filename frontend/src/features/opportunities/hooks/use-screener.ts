import { useNavigate } from "@tanstack/react-router";

import type { Opportunity } from "@/api/types";
import { useNow } from "@/lib/clock";
import { useStreamRefresh } from "@/lib/sse";

import { opportunityKeys } from "../api/keys";
import { useOpportunities } from "../api/list-opportunities";
import { rowsKey, toApiQuery, type ScreenerSearch } from "./screener-search";
import { useRowKeys } from "./use-row-keys";
import { useSelection } from "./use-selection";
import { useStableRows } from "./use-stable-rows";

export type OnSearch = (next: ScreenerSearch, mode?: "replace") => void;

export interface Deeds {
  /** Somebody aims at a row or has something open: values keep still. */
  isPaused: boolean;
  onExecute: (opportunity: Opportunity) => void;
  onWatch: (opportunity: Opportunity) => void;
  onFind: () => void;
}

/** The rows of a view, the inspected one among them, the marked ones, and the keys that move between them. */
export function useScreener(search: ScreenerSearch, onSearch: OnSearch, { isPaused, onExecute, onWatch, onFind }: Deeds) {
  const navigate = useNavigate();
  const query = useOpportunities(toApiQuery(search, useNow()));
  useStreamRefresh(["opportunity"], [opportunityKeys.lists(), opportunityKeys.summary()]);
  const latest = query.isPlaceholderData ? undefined : query.data?.results;
  const view = rowsKey(search);
  const { rows, ...news } = useStableRows(latest, view, { readAt: query.dataUpdatedAt, isPaused: isPaused || search.inspect !== undefined });
  const ids = rows.map((row) => row.opportunity.id);
  const total = query.data?.count ?? 0;
  const selection = useSelection(view, ids, total);
  const find = (id: string | undefined) => rows.find((row) => row.opportunity.id === id)?.opportunity;
  const inspected = find(search.inspect);
  const inspect = (id: string | undefined, mode?: "replace") => onSearch({ ...search, inspect: id }, mode);
  const withRow = (act: (opportunity: Opportunity) => void) => (id: string) => {
    const found = find(id);
    if (found) act(found);
  };
  useRowKeys({
    ids,
    inspected: inspected?.id,
    onInspect: inspect,
    onOpen: (id) => void navigate({ to: "/opportunities/$id", params: { id } }),
    onExecute: withRow(onExecute),
    onWatch: withRow(onWatch),
    onSelect: selection.toggle,
    onFind,
  });
  return { query, isStale: query.isError && query.data !== undefined, total, rows, ...news, selection, inspected, inspect };
}
