import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";

import { Toaster } from "@/components/ui/toaster";
import { useHotkeys } from "@/lib/hotkeys";
import { useMedia } from "@/lib/media";
import { usePreference } from "@/lib/preferences";

import { HaltedStrip } from "./mode-badges";
import { SideNav, TabBar } from "./nav";
import { OfflineStrip } from "./offline-strip";
import { TopBar } from "./top-bar";
import { useLiveStream } from "./use-live-stream";
import { useLoginRedirect } from "./use-login-redirect";
import { useNews } from "./use-news";
import { useProfileSync } from "./use-profile-sync";

const Palette = lazy(() => import("./palette"));
const ShortcutsDialog = lazy(() => import("./shortcuts-dialog"));
const Safety = lazy(() => import("./safety"));
const MoreSheet = lazy(() => import("./more-sheet"));

/** The frame around every page. */
export function Shell() {
  const [isNavOpen, setNavOpen] = usePreference("navigation", useMedia("(min-width: 1440px)"));
  const [overlay, setOverlay] = useState<"palette" | "shortcuts" | "more" | "safety" | null>(null);
  const openPalette = () => setOverlay("palette");
  const openSafety = () => setOverlay("safety");
  const close = () => setOverlay(null);
  useLoginRedirect();
  useLiveStream();
  useNews();
  useProfileSync();
  useHotkeys({ "mod+k": openPalette, "/": openPalette, "?": () => setOverlay("shortcuts") });

  return (
    <div className="flex h-dvh overflow-hidden">
      <a href="#main" className="sr-only z-50 rounded-lg bg-accent-solid px-4 py-2 text-sm text-white focus:not-sr-only focus:absolute focus:top-2 focus:left-2">
        Skip to content
      </a>
      <SideNav isOpen={isNavOpen} onToggle={() => setNavOpen(!isNavOpen)} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar onPalette={openPalette} onSafety={openSafety} />
        <HaltedStrip onSafety={openSafety} />
        <OfflineStrip />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-auto p-3 outline-none sm:p-4" data-scroll-restoration-id="main">
          <Outlet />
        </main>
        <TabBar onMore={() => setOverlay("more")} />
      </div>
      <Toaster />
      <Suspense>
        {overlay === "palette" && <Palette onClose={close} onShortcuts={() => setOverlay("shortcuts")} />}
        {overlay === "shortcuts" && <ShortcutsDialog onClose={close} />}
        {overlay === "safety" && <Safety onClose={close} />}
        {overlay === "more" && <MoreSheet onClose={close} />}
      </Suspense>
    </div>
  );
}
