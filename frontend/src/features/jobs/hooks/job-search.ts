// The job list's URL: which runs, which page, and the API query they mean.

import type { JobQuery } from "@/api/types";
import { oneOf, wholeNumber, type RawSearch } from "@/lib/search-params";

export const JOB_VIEWS = ["open", "failed"] as const;
export type JobView = (typeof JOB_VIEWS)[number];
export const PAGE_SIZES = [25, 50, 100] as const;
export const DEFAULT_PAGE_SIZE = 25;

export interface JobSearch {
  view?: JobView;
  page?: number;
  page_size?: number;
}

export function parseJobSearch(raw: RawSearch): JobSearch {
  const size = wholeNumber(raw, "page_size", 1, 100);
  const found: JobSearch = {
    view: oneOf(raw, "view", JOB_VIEWS),
    page: wholeNumber(raw, "page", 2, 100_000),
    page_size: size !== DEFAULT_PAGE_SIZE && PAGE_SIZES.some((known) => known === size) ? size : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function toJobQuery({ view, page = 1, page_size = DEFAULT_PAGE_SIZE }: JobSearch): JobQuery {
  const filters: JobQuery = view === "open" ? { is_open: true } : view === "failed" ? { state: ["failed", "partly"] } : {};
  return { ...filters, page, page_size };
}
