import { useState, type ReactNode } from "react";

import { PageHeader } from "@/components/ui/page-header";
import { StaleBanner } from "@/components/ui/states";
import { useNow } from "@/lib/clock";
import { plural } from "@/lib/format";
import { PHONE, ROOMY, useMedia, WIDE } from "@/lib/media";
import { usePreference } from "@/lib/preferences";
import { showToast } from "@/lib/toasts";

import { useSavedViews } from "../api/saved-views";
import { whyNotExecutable, type Acting } from "../hooks/acting";
import { toQueryText, type ScreenerSearch } from "../hooks/screener-search";
import { useLayout } from "../hooks/use-layout";
import { useScreener, type Deeds, type OnSearch } from "../hooks/use-screener";
import { BulkBar } from "./bulk-bar";
import { FilterRail } from "./filter-rail";
import { Inspector } from "./inspector";
import { PresetChips } from "./preset-chips";
import { ScreenerDialogs, type OpenDialog } from "./screener-dialogs";
import { ScreenerList } from "./screener-list";
import { ScreenerSheets } from "./screener-sheets";
import { ScreenerToolbar } from "./screener-toolbar";
import { UpdatesPill } from "./updates-pill";
import { ViewChips } from "./view-chips";
import { useWatch } from "./watch-star";

interface ScreenerProps {
  search: ScreenerSearch;
  onSearch: OnSearch;
  acting: Acting;
}

/** The filters: a column beside the list, or a sheet over it on narrow screens. */
function useFilterPanel(isWide: boolean) {
  const [isRailWanted, setRailWanted] = usePreference("filters", true);
  const [isSheetOpen, setSheetOpen] = useState(false);
  return {
    isRailWanted: isWide && isRailWanted,
    isSheetOpen: !isWide && isSheetOpen,
    closeSheet: () => setSheetOpen(false),
    show: () => (isWide ? setRailWanted(true) : setSheetOpen(true)),
    toggle: () => (isWide ? setRailWanted(!isRailWanted) : setSheetOpen(true)),
  };
}

/** What a person does from the list, and what is open over it. */
function useDeeds(acting: Acting, onFind: () => void) {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [isAiming, setAiming] = useState(false);
  const watch = useWatch(acting.username !== null);
  const deeds: Deeds = {
    isPaused: isAiming || dialog !== null,
    onExecute: (opportunity) => {
      const obstacle = whyNotExecutable(opportunity, acting);
      if (obstacle) showToast({ tone: "warn", title: "Not executable", detail: obstacle });
      else setDialog({ kind: "execute", opportunity });
    },
    onWatch: (opportunity) => watch.toggle(opportunity.sealed_product),
    onFind,
  };
  return { deeds, dialog, setDialog, setAiming };
}

function Chips({ children, pill }: { children: ReactNode; pill: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <div className="max-w-full min-w-0">{children}</div>
      {pill}
    </div>
  );
}

/** The list of opportunities. Its whole state is `search`, which the route keeps in the URL. */
export function Screener({ search, onSearch, acting }: ScreenerProps) {
  const [isPhone, isWide, isRoomy] = [useMedia(PHONE), useMedia(WIDE), useMedia(ROOMY)];
  const now = useNow();
  const panel = useFilterPanel(isWide);
  const { layout, change } = useLayout(search, onSearch);
  const { deeds, dialog, setDialog, setAiming } = useDeeds(acting, panel.show);
  const isAnonymous = acting.username === null;
  const { data: views } = useSavedViews(!isAnonymous);
  const { query, isStale, total, rows, pending, since, rearrange, selection, inspected, inspect } = useScreener(search, onSearch, deeds);
  const filters = <FilterRail search={search} onSearch={onSearch} isAnonymous={isAnonymous} />;
  const docked = isWide ? inspected : undefined;
  const inspection = { acting, onExecute: deeds.onExecute };
  return (
    <div className="flex min-h-0 flex-col gap-3 sm:h-full">
      <PageHeader
        title="Opportunities"
        note={query.data && <span className="num max-sm:hidden">{plural(total, "match", "matches")}</span>}
        actions={
          <ScreenerToolbar
            search={search}
            layout={layout}
            onLayout={change}
            isTable={!isPhone}
            onFilters={panel.toggle}
            onViews={isAnonymous ? undefined : () => setDialog({ kind: "views" })}
          />
        }
      />
      <Chips pill={<UpdatesPill pending={pending} since={since} onShow={rearrange} />}>
        <PresetChips search={search} onSearch={onSearch} isAnonymous={isAnonymous}>
          {views && <ViewChips search={search} views={views} onSearch={onSearch} />}
        </PresetChips>
      </Chips>
      {isStale && <StaleBanner since={query.dataUpdatedAt} onRetry={() => void query.refetch()} />}
      <div className="flex min-h-0 flex-1 gap-3">
        {panel.isRailWanted && (isRoomy || !docked) && <section aria-label="Filters" className="card w-48 shrink-0 overflow-y-auto p-3">{filters}</section>}
        <ScreenerList
          search={search}
          onSearch={onSearch}
          query={query}
          rows={rows}
          layout={layout}
          selection={selection}
          isAnonymous={isAnonymous}
          onAim={setAiming}
          bulk={
            <BulkBar
              selection={selection}
              shown={rows.length}
              total={total}
              matching={toQueryText(search, now, { withOrder: false })}
              acting={acting}
              onDialog={(isOpen) => setDialog(isOpen ? { kind: "bulk" } : null)}
            />
          }
        />
        {docked && <Inspector opportunity={docked} {...inspection} onClose={() => inspect(undefined)} />}
      </div>
      <ScreenerSheets
        filters={filters}
        areFiltersOpen={panel.isSheetOpen}
        onFiltersClose={panel.closeSheet}
        inspected={isWide ? undefined : inspected}
        {...inspection}
        onInspectorClose={() => inspect(undefined)}
      />
      <ScreenerDialogs open={dialog} search={search} views={views ?? []} acting={acting} onClose={() => setDialog(null)} />
    </div>
  );
}
