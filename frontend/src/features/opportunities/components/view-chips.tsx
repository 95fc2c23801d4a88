import { StarIcon, UsersIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";
import { useEffect, useEffectEvent, useRef } from "react";

import type { SavedView } from "../api/shapes";
import { fromSavedQuery, savedQuery, type ScreenerSearch } from "../hooks/screener-search";

/** Whether the screener shows exactly what a saved view says. */
export function isViewOn(search: ScreenerSearch, view: SavedView): boolean {
  return savedQuery(search) === savedQuery(fromSavedQuery(view.query));
}

interface ViewChipsProps {
  search: ScreenerSearch;
  views: readonly SavedView[];
  onSearch: (next: ScreenerSearch, mode?: "replace") => void;
}

/** One's own and shared views, one click each. A page opened without any filter begins with one's default view. */
export function ViewChips({ search, views, onSearch }: ViewChipsProps) {
  const hasBegun = useRef(false);
  const begin = useEffectEvent(() => {
    const usual = views.find((view) => view.is_own && view.is_default);
    if (usual && Object.keys(search).length === 0) onSearch(fromSavedQuery(usual.query), "replace");
  });
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    begin();
  }, []);
  return views.map((view) => {
    const isOn = isViewOn(search, view);
    return (
      <button
        key={view.id}
        type="button"
        aria-pressed={isOn}
        title={view.is_own ? (view.is_default ? "Your default view" : "Your view") : `Shared by ${view.owner}`}
        onClick={() => onSearch(isOn ? { view: "all" } : fromSavedQuery(view.query))}
        className={clsx(
          "inline-flex h-11 shrink-0 items-center gap-1 rounded-full border border-dashed px-3 text-xs font-medium whitespace-nowrap transition-colors sm:h-8",
          isOn ? "border-solid border-transparent bg-accent-solid text-white" : "bg-surface text-muted hover:border-line-strong hover:text-ink",
        )}
      >
        {view.is_default && view.is_own && <StarIcon aria-hidden className="size-3" />}
        {!view.is_own && <UsersIcon aria-hidden className="size-3" />}
        {view.name}
      </button>
    );
  });
}
