import type { Opportunity, OpportunityQuery } from "@/api/types";

import { fetchOpportunities } from "./list-opportunities";

export const MAX_EXPORT_ROWS = 5_000;
const PAGE_SIZE = 200;

/** Every row of the current filters and order, page by page, up to MAX_EXPORT_ROWS. */
export async function fetchAllOpportunities(query: OpportunityQuery): Promise<Opportunity[]> {
  const rows: Opportunity[] = [];
  for (let page = 1; rows.length < MAX_EXPORT_ROWS; page += 1) {
    const answer = await fetchOpportunities({ ...query, page, page_size: PAGE_SIZE });
    rows.push(...answer.results);
    if (!answer.next) break;
  }
  return rows.slice(0, MAX_EXPORT_ROWS);
}
