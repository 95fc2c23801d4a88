import { Bars3Icon } from "@heroicons/react/24/outline";
import { ChevronDoubleLeftIcon, ChevronDoubleRightIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import { IconButton } from "@/components/ui/button";
import { useSession } from "@/features/auth/api/session";

import { Logo } from "./logo";
import { placesFor, type Place } from "./places";

const ITEM = "text-muted hover:text-ink [&.active]:text-accent";
const ON_PHONE: readonly Place["to"][] = ["/", "/opportunities", "/executions", "/products", "/markets"];
const THUMB_PLACES = 4;

interface SideNavProps {
  isOpen: boolean;
  onToggle: () => void;
}

function PlaceLink({ place: { to, name, Icon, exact = false }, isOpen }: { place: Place; isOpen: boolean }) {
  return (
    <Link
      to={to}
      activeOptions={{ exact, includeSearch: false }}
      title={isOpen ? undefined : name}
      aria-label={isOpen ? undefined : name}
      className={clsx(
        ITEM,
        "flex h-9 items-center gap-3 rounded-lg text-[0.8125rem] font-medium hover:bg-sunken [&.active]:bg-accent-soft",
        isOpen ? "px-3" : "justify-center",
      )}
    >
      <Icon aria-hidden className="size-5 shrink-0" />
      {isOpen && name}
    </Link>
  );
}

/** Left navigation of tablets and up; collapses to icons. */
export function SideNav({ isOpen, onToggle }: SideNavProps) {
  const groups = placesFor(useSession().data);
  return (
    <nav aria-label="Main" className={clsx("hidden shrink-0 flex-col border-r bg-surface sm:flex", isOpen ? "w-48" : "w-14")}>
      <div className={clsx("flex h-13 shrink-0 items-center border-b", isOpen ? "px-4" : "justify-center")}>
        <Logo withName={isOpen} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {groups.map(({ name, places }, index) => (
          <div key={name} role="group" aria-label={name} className={clsx(index > 0 && "mt-2 border-t border-line/60 pt-2")}>
            {isOpen && index > 0 && <p aria-hidden className="px-3 pb-1 text-2xs font-semibold tracking-wider text-muted uppercase">{name}</p>}
            <ul className="space-y-0.5">
              {places.map((place) => <li key={place.to}><PlaceLink place={place} isOpen={isOpen} /></li>)}
            </ul>
          </div>
        ))}
      </div>
      <div className={clsx("flex border-t p-2", !isOpen && "justify-center")}>
        <IconButton label={isOpen ? "Collapse navigation" : "Expand navigation"} aria-expanded={isOpen} onClick={onToggle}>
          {isOpen ? <ChevronDoubleLeftIcon aria-hidden className="size-4" /> : <ChevronDoubleRightIcon aria-hidden className="size-4" />}
        </IconButton>
      </div>
    </nav>
  );
}

/** Navigation of phones, in reach of a thumb; the rest is behind “More”. */
export function TabBar({ onMore }: { onMore: () => void }) {
  const places = placesFor(useSession().data).flatMap((group) => group.places);
  const shown = ON_PHONE.flatMap((to) => places.find((place) => place.to === to) ?? []).slice(0, THUMB_PLACES);
  const look = clsx(ITEM, "flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs font-medium");
  return (
    <nav aria-label="Main" className="flex border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden">
      {shown.map(({ to, name, Icon, exact = false }) => (
        <Link key={to} to={to} activeOptions={{ exact, includeSearch: false }} className={look}>
          <Icon aria-hidden className="size-5" />
          {name}
        </Link>
      ))}
      <button type="button" aria-haspopup="dialog" onClick={onMore} className={look}>
        <Bars3Icon aria-hidden className="size-5" />
        More
      </button>
    </nav>
  );
}
