import type { UseQueryResult } from "@tanstack/react-query";

import type { OpportunityPage } from "@/api/types";
import { Button } from "@/components/ui/button";
import { isPastTheEnd, PastTheEnd } from "@/components/ui/pagination";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";

import { clearFilters, countFilters, type ScreenerSearch, type Sortable } from "../hooks/screener-search";
import type { Selection } from "../hooks/use-selection";
import type { StableRow } from "../hooks/use-stable-rows";
import type { ScreenerColumn } from "./columns";
import { ScreenerCards } from "./screener-cards";
import { ScreenerTable } from "./screener-table";
import { Trends } from "./trends";

function LoadingRows({ isPhone }: { isPhone: boolean }) {
  return (
    <div role="status" aria-label="Loading opportunities" className="grid gap-2 sm:p-3">
      {Array.from({ length: isPhone ? 5 : 12 }, (_, index) => (
        <Skeleton key={index} className={isPhone ? "h-40" : "h-9"} />
      ))}
    </div>
  );
}

function NothingFound({ search, onSearch }: { search: ScreenerSearch; onSearch: (next: ScreenerSearch) => void }) {
  if (countFilters(search) === 0) {
    return (
      <EmptyState title="No opportunities yet">
        Import prices and run an analysis, and what is worth buying shows up here. Prices older than three days raise
        no opportunity.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing matches these filters"
      action={<Button onClick={() => onSearch(clearFilters(search))}>Clear filters</Button>}
    >
      Loosen a floor or a ceiling, or start again without filters.
    </EmptyState>
  );
}

interface ScreenerBodyProps {
  query: UseQueryResult<OpportunityPage>;
  rows: readonly StableRow[];
  search: ScreenerSearch;
  columns: readonly ScreenerColumn[];
  isPhone: boolean;
  isCompact: boolean;
  isAnonymous: boolean;
  selection: Selection;
  onSort: (field: Sortable) => void;
  onInspect: (id: string) => void;
  onSearch: (next: ScreenerSearch) => void;
}

/** The list in whichever of its states it is: loading, failed, empty, table or cards. */
export function ScreenerBody(props: ScreenerBodyProps) {
  const { query, rows, search, columns, isPhone, isCompact, isAnonymous, selection, onSort, onInspect, onSearch } = props;
  if (isPastTheEnd(query.error, search.page)) return <PastTheEnd onFirst={() => onSearch({ ...search, page: undefined })} />;
  if (query.isError && (!query.data || query.isPlaceholderData)) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <LoadingRows isPhone={isPhone} />;
  if (query.data.count === 0 && rows.length === 0) return <NothingFound search={search} onSearch={onSearch} />;
  const opportunities = rows.map((row) => row.opportunity);
  if (isPhone) {
    return (
      <Trends rows={opportunities} enabled>
        <ScreenerCards rows={rows} isPending={query.isPlaceholderData} isAnonymous={isAnonymous} />
      </Trends>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Opportunities, scrollable">
      <Trends rows={opportunities} enabled={columns.some((column) => column.key === "trend")}>
        <ScreenerTable
          rows={rows}
          columns={columns}
          ordering={search.ordering}
          isCompact={isCompact}
          isPending={query.isPlaceholderData}
          isAnonymous={isAnonymous}
          inspected={search.inspect}
          selection={selection}
          onSort={onSort}
          onInspect={onInspect}
        />
      </Trends>
    </div>
  );
}
