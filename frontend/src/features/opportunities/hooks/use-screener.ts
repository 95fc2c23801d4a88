import { useNavigate } from "@tanstack/react-router";

import type { Opportunity } from "@/api/types";

import { useOpportunities } from "../api/list-opportunities";
import { toApiQuery, type ScreenerSearch } from "./screener-search";
import { useRowKeys } from "./use-row-keys";
import { useStableRows } from "./use-stable-rows";

export type OnSearch = (next: ScreenerSearch, mode?: "replace") => void;

/** The rows of a view, the inspected one among them, and the keys that move between them. */
export function useScreener(search: ScreenerSearch, onSearch: OnSearch) {
  const navigate = useNavigate();
  const apiQuery = toApiQuery(search);
  const query = useOpportunities(apiQuery);
  const latest = query.isPlaceholderData ? undefined : query.data?.results;
  const { rows, pending, rearrange } = useStableRows(latest, JSON.stringify(apiQuery));
  const inspected: Opportunity | undefined = rows.find((row) => row.opportunity.id === search.inspect)?.opportunity;
  const inspect = (id: string | undefined, mode?: "replace") => onSearch({ ...search, inspect: id }, mode);
  useRowKeys({
    ids: rows.map((row) => row.opportunity.id),
    inspected: inspected?.id,
    onInspect: inspect,
    onOpen: (id) => void navigate({ to: "/opportunities/$id", params: { id } }),
  });
  return { query, rows, pending, rearrange, inspected, inspect };
}
