import { BuildingStorefrontIcon, ChartBarSquareIcon, CubeIcon, QueueListIcon, ScaleIcon } from "@heroicons/react/24/outline";
import { ChevronDoubleLeftIcon, ChevronDoubleRightIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import { IconButton } from "@/components/ui/button";

import { Logo } from "./logo";

export const PLACES = [
  { to: "/", name: "Overview", Icon: ChartBarSquareIcon, exact: true },
  { to: "/opportunities", name: "Opportunities", Icon: ScaleIcon, exact: false },
  { to: "/products", name: "Products", Icon: CubeIcon, exact: false },
  { to: "/markets", name: "Markets", Icon: BuildingStorefrontIcon, exact: false },
  { to: "/jobs", name: "Jobs", Icon: QueueListIcon, exact: false },
] as const;

const ITEM = "text-muted hover:text-ink [&.active]:text-accent";

interface SideNavProps {
  isOpen: boolean;
  onToggle: () => void;
}

/** Left navigation of tablets and up; collapses to icons. */
export function SideNav({ isOpen, onToggle }: SideNavProps) {
  return (
    <nav aria-label="Main" className={clsx("hidden shrink-0 flex-col border-r bg-surface sm:flex", isOpen ? "w-48" : "w-14")}>
      <div className={clsx("flex h-13 items-center border-b", isOpen ? "px-4" : "justify-center")}>
        <Logo withName={isOpen} />
      </div>
      <ul className="flex-1 space-y-1 p-2">
        {PLACES.map(({ to, name, Icon, exact }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact, includeSearch: false }}
              title={isOpen ? undefined : name}
              aria-label={isOpen ? undefined : name}
              className={clsx(
                ITEM,
                "flex h-10 items-center gap-3 rounded-lg text-[0.8125rem] font-medium hover:bg-sunken [&.active]:bg-accent-soft",
                isOpen ? "px-3" : "justify-center",
              )}
            >
              <Icon aria-hidden className="size-5 shrink-0" />
              {isOpen && name}
            </Link>
          </li>
        ))}
      </ul>
      <div className={clsx("flex border-t p-2", !isOpen && "justify-center")}>
        <IconButton label={isOpen ? "Collapse navigation" : "Expand navigation"} aria-expanded={isOpen} onClick={onToggle}>
          {isOpen ? <ChevronDoubleLeftIcon aria-hidden className="size-4" /> : <ChevronDoubleRightIcon aria-hidden className="size-4" />}
        </IconButton>
      </div>
    </nav>
  );
}

/** Navigation of phones, in reach of a thumb. */
export function TabBar() {
  return (
    <nav aria-label="Main" className="flex border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden">
      {PLACES.map(({ to, name, Icon, exact }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact, includeSearch: false }}
          className={clsx(ITEM, "flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs font-medium")}
        >
          <Icon aria-hidden className="size-5" />
          {name}
        </Link>
      ))}
    </nav>
  );
}
