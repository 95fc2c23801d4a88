import { lazy, Suspense } from "react";

import type { Opportunity } from "@/api/types";

import type { SavedView } from "../api/shapes";
import type { Acting } from "../hooks/acting";
import type { ScreenerSearch } from "../hooks/screener-search";

const ExecuteDialog = lazy(() => import("./execute-dialog"));
const SaveViewDialog = lazy(() => import("./save-view-dialog"));

/** Which dialog is over the screener: "bulk" belongs to the bar of marked rows. */
export type OpenDialog = { kind: "views" } | { kind: "bulk" } | { kind: "execute"; opportunity: Opportunity } | null;

interface ScreenerDialogsProps {
  open: OpenDialog;
  search: ScreenerSearch;
  views: readonly SavedView[];
  acting: Acting;
  onClose: () => void;
}

/** The screener's dialogs, loaded when they are first opened. */
export function ScreenerDialogs({ open, search, views, acting, onClose }: ScreenerDialogsProps) {
  return (
    <Suspense>
      {open?.kind === "views" && <SaveViewDialog search={search} views={views} onClose={onClose} />}
      {open?.kind === "execute" && <ExecuteDialog opportunity={open.opportunity} acting={acting} onClose={onClose} />}
    </Suspense>
  );
}
