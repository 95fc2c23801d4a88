import { useState } from "react";

import { PageHeader } from "@/components/ui/page-header";
import { StaleBanner } from "@/components/ui/states";
import { plural } from "@/lib/format";
import { PHONE, ROOMY, useMedia, WIDE } from "@/lib/media";
import { usePreference } from "@/lib/preferences";

import type { ScreenerSearch } from "../hooks/screener-search";
import { useScreener, type OnSearch } from "../hooks/use-screener";
import { FilterRail } from "./filter-rail";
import { Inspector } from "./inspector";
import { PresetChips } from "./preset-chips";
import { ScreenerList } from "./screener-list";
import { ScreenerSheets } from "./screener-sheets";
import { ScreenerToolbar } from "./screener-toolbar";
import { UpdatesPill } from "./updates-pill";

interface ScreenerProps {
  search: ScreenerSearch;
  onSearch: OnSearch;
}

/** The list of opportunities. Its whole state is `search`, which the route keeps in the URL. */
export function Screener({ search, onSearch }: ScreenerProps) {
  const isPhone = useMedia(PHONE);
  const isWide = useMedia(WIDE);
  const isRoomy = useMedia(ROOMY);
  const [isRailWanted, setRailWanted] = usePreference("filters", true);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const { query, rows, pending, rearrange, inspected, inspect } = useScreener(search, onSearch);
  const filters = <FilterRail search={search} onSearch={onSearch} />;
  const isDocked = isWide && inspected !== undefined;
  const hasRail = isWide && isRailWanted && (isRoomy || !isDocked);
  return (
    <div className="flex min-h-0 flex-col gap-3 sm:h-full">
      <PageHeader
        title="Opportunities"
        note={query.data && <span className="num max-sm:hidden">{plural(query.data.count, "match", "matches")}</span>}
        actions={
          <ScreenerToolbar
            search={search}
            onSearch={onSearch}
            isTable={!isPhone}
            onFilters={() => (isWide ? setRailWanted(!isRailWanted) : setSheetOpen(true))}
          />
        }
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="max-w-full min-w-0"><PresetChips search={search} onSearch={onSearch} /></div>
        <UpdatesPill pending={pending} onShow={rearrange} />
      </div>
      {query.isError && query.data && <StaleBanner since={query.dataUpdatedAt} onRetry={() => void query.refetch()} />}
      <div className="flex min-h-0 flex-1 gap-3">
        {hasRail && <section aria-label="Filters" className="card w-48 shrink-0 overflow-y-auto p-3">{filters}</section>}
        <ScreenerList search={search} onSearch={onSearch} query={query} rows={rows} />
        {isDocked && <Inspector opportunity={inspected} onClose={() => inspect(undefined)} />}
      </div>
      <ScreenerSheets
        filters={filters}
        areFiltersOpen={!isWide && isSheetOpen}
        onFiltersClose={() => setSheetOpen(false)}
        inspected={isWide ? undefined : inspected}
        onInspectorClose={() => inspect(undefined)}
      />
    </div>
  );
}
