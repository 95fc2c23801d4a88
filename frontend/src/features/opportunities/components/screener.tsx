import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";

import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Sheet } from "@/components/ui/sheet";
import { StaleBanner } from "@/components/ui/states";
import { plural } from "@/lib/format";
import { PHONE, useMedia, WIDE } from "@/lib/media";
import { usePreference } from "@/lib/preferences";

import { useOpportunities } from "../api/list-opportunities";
import { DEFAULT_COLUMNS, DEFAULT_PAGE_SIZE, nextOrdering, PAGE_SIZES, refine, toApiQuery, type ScreenerSearch } from "../hooks/screener-search";
import { useRowKeys } from "../hooks/use-row-keys";
import { useStableRows } from "../hooks/use-stable-rows";
import { visibleColumns } from "./columns";
import { FilterRail } from "./filter-rail";
import { Inspector, InspectorBody, OpenLink } from "./inspector";
import { PresetChips } from "./preset-chips";
import { ScreenerBody } from "./screener-body";
import { ScreenerToolbar } from "./screener-toolbar";
import { UpdatesPill } from "./updates-pill";

interface ScreenerProps {
  search: ScreenerSearch;
  onSearch: (next: ScreenerSearch, mode?: "replace") => void;
}

/** The list of opportunities. Its whole state is `search`, which the route keeps in the URL. */
export function Screener({ search, onSearch }: ScreenerProps) {
  const navigate = useNavigate();
  const isPhone = useMedia(PHONE);
  const isWide = useMedia(WIDE);
  const [isRailOpen, setRailOpen] = usePreference("filters", isWide);
  const apiQuery = toApiQuery(search);
  const query = useOpportunities(apiQuery);
  const { data, isPlaceholderData } = query;
  const { rows, pending, rearrange } = useStableRows(isPlaceholderData ? undefined : data?.results, JSON.stringify(apiQuery));
  const ids = rows.map((row) => row.opportunity.id);
  const inspected = rows.find((row) => row.opportunity.id === search.inspect)?.opportunity;
  const columns = useMemo(() => visibleColumns(search.columns ?? DEFAULT_COLUMNS), [search.columns]);
  const inspect = (id: string | undefined, mode?: "replace") => onSearch({ ...search, inspect: id }, mode);

  useRowKeys({
    ids,
    inspected: inspected?.id,
    onInspect: inspect,
    onOpen: (id) => void navigate({ to: "/opportunities/$id", params: { id } }),
  });

  const filters = <FilterRail search={search} onSearch={onSearch} />;
  return (
    <div className="flex h-full min-h-0 flex-col gap-3">
      <PageHeader
        title="Opportunities"
        note={data && <span className="num">{plural(data.count, "match", "matches")}</span>}
        actions={<ScreenerToolbar search={search} onSearch={onSearch} isTable={!isPhone} onFilters={() => setRailOpen(!isRailOpen)} />}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="min-w-0 max-w-full"><PresetChips search={search} onSearch={onSearch} /></div>
        <UpdatesPill pending={pending} onShow={rearrange} />
      </div>
      {query.isError && data && <StaleBanner since={query.dataUpdatedAt} onRetry={() => void query.refetch()} />}
      <div className="flex min-h-0 flex-1 gap-3">
        {isWide && isRailOpen && (
          <section aria-label="Filters" className="card w-56 shrink-0 overflow-y-auto p-4">{filters}</section>
        )}
        <div className="flex min-w-0 flex-1 flex-col sm:card sm:overflow-hidden">
          <ScreenerBody
            query={query}
            rows={rows}
            search={search}
            columns={columns}
            isPhone={isPhone}
            onSort={(field) => onSearch(refine(search, { ordering: nextOrdering(search.ordering, field) }))}
            onInspect={(id) => inspect(id === search.inspect ? undefined : id, search.inspect ? "replace" : undefined)}
            onClear={(next) => onSearch(next)}
          />
          {data && data.count > 0 && (
            <div className="sm:border-t">
              <Pagination
                page={search.page ?? 1}
                pageSize={search.page_size ?? DEFAULT_PAGE_SIZE}
                count={data.count}
                sizes={PAGE_SIZES}
                onPage={(page) => onSearch({ ...search, page: page > 1 ? page : undefined, inspect: undefined })}
                onPageSize={(size) => onSearch(refine(search, { page_size: size === DEFAULT_PAGE_SIZE ? undefined : size }))}
              />
            </div>
          )}
        </div>
        {isWide && inspected && <Inspector opportunity={inspected} onClose={() => inspect(undefined)} />}
      </div>
      <Sheet title="Filters" side="bottom" isOpen={!isWide && isRailOpen} onClose={() => setRailOpen(false)}>{filters}</Sheet>
      <Sheet
        title={inspected?.sealed_product.name ?? ""}
        side="right"
        isOpen={!isWide && inspected !== undefined}
        onClose={() => inspect(undefined)}
        footer={inspected && <OpenLink id={inspected.id} />}
      >
        {inspected && <InspectorBody opportunity={inspected} />}
      </Sheet>
    </div>
  );
}
