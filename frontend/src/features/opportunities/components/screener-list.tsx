import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";

import type { OpportunityPage } from "@/api/types";
import { Pagination } from "@/components/ui/pagination";
import { PHONE, useMedia } from "@/lib/media";

import { DEFAULT_PAGE_SIZE, nextOrdering, PAGE_SIZES, refine, type ScreenerSearch } from "../hooks/screener-search";
import type { Layout } from "../hooks/use-layout";
import type { OnSearch } from "../hooks/use-screener";
import type { Selection } from "../hooks/use-selection";
import type { StableRow } from "../hooks/use-stable-rows";
import { visibleColumns } from "./columns";
import { ScreenerBody } from "./screener-body";

interface ScreenerListProps {
  search: ScreenerSearch;
  onSearch: OnSearch;
  query: UseQueryResult<OpportunityPage>;
  rows: readonly StableRow[];
  layout: Layout;
  selection: Selection;
  isAnonymous: boolean;
  /** The pointer came over the rows, or left them. */
  onAim: (isAiming: boolean) => void;
  /** What can be done with marked rows. */
  bulk: ReactNode;
}

/** The list and its pages. */
export function ScreenerList({ search, onSearch, query, rows, layout, selection, isAnonymous, onAim, bulk }: ScreenerListProps) {
  const isPhone = useMedia(PHONE);
  const chosen = layout.columns.join();
  const columns = useMemo(() => visibleColumns(chosen.split(",")), [chosen]);
  const inspect = (id: string) =>
    onSearch({ ...search, inspect: id === search.inspect ? undefined : id }, search.inspect ? "replace" : undefined);
  const count = query.data?.count ?? 0;
  return (
    <div
      className="flex min-w-0 flex-1 flex-col sm:card sm:overflow-hidden"
      onPointerEnter={({ pointerType }) => pointerType === "mouse" && onAim(true)}
      onPointerLeave={() => onAim(false)}
    >
      {bulk}
      <ScreenerBody
        query={query}
        rows={rows}
        search={search}
        columns={columns}
        isPhone={isPhone}
        isCompact={layout.density === "compact"}
        isAnonymous={isAnonymous}
        selection={selection}
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
