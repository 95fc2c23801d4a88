import { useMutation } from "@tanstack/react-query";

import type { Opportunity } from "@/api/types";
import { csvFile, downloadText } from "@/lib/csv";
import { formatCount } from "@/lib/format";

import { fetchAllOpportunities } from "../api/export-opportunities";
import { PRODUCT_CSV, visibleColumns } from "../components/columns";
import { DEFAULT_COLUMNS, toApiQuery, type ScreenerSearch } from "./screener-search";

/** The rows as CSV: the product first, then the view's columns, each figure as the API gave it. */
export function opportunitiesCsv(rows: readonly Opportunity[], search: ScreenerSearch): string {
  const cells = [...PRODUCT_CSV, ...visibleColumns(search.columns ?? DEFAULT_COLUMNS).flatMap((column) => column.csv)];
  return csvFile(
    cells.map(([header]) => header),
    rows.map((row) => cells.map(([, value]) => value(row))),
  );
}

/** Download the current view. */
export function useExport(search: ScreenerSearch) {
  const mutation = useMutation({
    mutationFn: async () => {
      const { rows, total } = await fetchAllOpportunities(toApiQuery(search));
      const stamp = new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, "").replace("T", "-");
      downloadText(`opportunities-${stamp}.csv`, opportunitiesCsv(rows, search));
      return rows.length < total ? `The file holds the first ${formatCount(rows.length)} of ${formatCount(total)} rows.` : null;
    },
  });
  return {
    start: () => mutation.mutate(),
    isRunning: mutation.isPending,
    /** What the person should know about the last download. */
    notice: mutation.error ? `The download failed: ${mutation.error.message}` : (mutation.data ?? null),
  };
}
