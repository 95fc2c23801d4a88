import type { Opportunity, OpportunityQuery } from "@/api/types";

import { fetchOpportunities } from "./list-opportunities";

export const MAX_EXPORT_ROWS = 5_000;
const PAGE_SIZE = 200;

export interface ExportedRows {
  rows: Opportunity[];
  /** How many the filters match, which may be more than were fetched. */
  total: number;
}

/** Every row of the filters and order, page by page, up to MAX_EXPORT_ROWS. A row that moves between pages counts once. */
export async function fetchAllOpportunities(query: OpportunityQuery): Promise<ExportedRows> {
  const rows = new Map<string, Opportunity>();
  for (let page = 1; ; page += 1) {
    const answer = await fetchOpportunities({ ...query, page, page_size: PAGE_SIZE });
    for (const row of answer.results) rows.set(row.id, row);
    if (!answer.next || rows.size >= MAX_EXPORT_ROWS) {
      return { rows: [...rows.values()].slice(0, MAX_EXPORT_ROWS), total: answer.count };
    }
  }
}
