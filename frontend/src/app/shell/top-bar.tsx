import { MagnifyingGlassIcon } from "@heroicons/react/20/solid";
import { lazy, Suspense } from "react";

import { Kbd } from "@/components/ui/kbd";

import { DataChip } from "./data-chip";
import { LiveChip } from "./live-chip";
import { Logo } from "./logo";
import { ModeBadges } from "./mode-badges";

const TopBarMenus = lazy(() => import("./top-bar-menus"));

export function TopBar({ onPalette, onSafety }: { onPalette: () => void; onSafety: () => void }) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b bg-surface px-3 sm:px-4">
      <span className="sm:hidden"><Logo withName={false} /></span>
      <button
        type="button"
        onClick={onPalette}
        aria-label="Search products and opportunities"
        className="flex h-11 w-full min-w-11 max-w-md flex-1 items-center gap-2 rounded-lg border bg-sunken px-3 text-[0.8125rem] text-muted hover:border-line-strong sm:h-9"
      >
        <MagnifyingGlassIcon aria-hidden className="size-4 shrink-0" />
        <span className="truncate">Search</span>
        <span className="ml-auto hidden gap-1 lg:flex"><Kbd>Ctrl</Kbd><Kbd>K</Kbd></span>
      </button>
      <div className="ml-auto flex shrink-0 items-center gap-1 sm:gap-1.5">
        <DataChip />
        <LiveChip />
        <ModeBadges onSafety={onSafety} />
        <Suspense fallback={<span aria-hidden className="h-9 w-20 sm:w-40" />}><TopBarMenus /></Suspense>
      </div>
    </header>
  );
}
