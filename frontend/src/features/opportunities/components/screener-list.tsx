import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";

import type { OpportunityPage } from "@/api/types";
import { Pagination } from "@/components/ui/pagination";
import { PHONE, useMedia } from "@/lib/media";

import { DEFAULT_COLUMNS, DEFAULT_PAGE_SIZE, nextOrdering, PAGE_SIZES, refine, type ScreenerSearch } from "../hooks/screener-search";
import type { OnSearch } from "../hooks/use-screener";
import type { StableRow } from "../hooks/use-stable-rows";
import { visibleColumns } from "./columns";
import { ScreenerBody } from "./screener-body";

interface ScreenerListProps {
  search: ScreenerSearch;
  onSearch: OnSearch;
  query: UseQueryResult<OpportunityPage>;
  rows: readonly StableRow[];
}

/** The list and its pages. */
export function ScreenerList({ search, onSearch, query, rows }: ScreenerListProps) {
  const isPhone = useMedia(PHONE);
  const columns = useMemo(() => visibleColumns(search.columns ?? DEFAULT_COLUMNS), [search.columns]);
  const inspect = (id: string) =>
    onSearch({ ...search, inspect: id === search.inspect ? undefined : id }, search.inspect ? "replace" : undefined);
  const count = query.data?.count ?? 0;
  return (
    <div className="flex min-w-0 flex-1 flex-col sm:card sm:overflow-hidden">
      <ScreenerBody
        query={query}
        rows={rows}
        search={search}
        columns={columns}
        isPhone={isPhone}
        onSort={(field) => onSearch(refine(search, { ordering: nextOrdering(search.ordering, field) }))}
        onInspect={inspect}
        onSearch={(next) => onSearch(next)}
      />
      {count > 0 && (
        <div className="sm:border-t">
          <Pagination
            page={search.page ?? 1}
            pageSize={search.page_size ?? DEFAULT_PAGE_SIZE}
            count={count}
            sizes={PAGE_SIZES}
            onPage={(page) => onSearch({ ...search, page: page > 1 ? page : undefined, inspect: undefined })}
            onPageSize={(size) => onSearch(refine(search, { page_size: size === DEFAULT_PAGE_SIZE ? undefined : size }))}
          />
        </div>
      )}
    </div>
  );
}
