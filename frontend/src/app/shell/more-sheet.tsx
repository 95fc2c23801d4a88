import { Link } from "@tanstack/react-router";

import { Sheet } from "@/components/ui/sheet";
import { useSession } from "@/features/auth/api/session";

import { placesFor } from "./places";

/** Every page, for phones. */
export default function MoreSheet({ onClose }: { onClose: () => void }) {
  const groups = placesFor(useSession().data);
  return (
    <Sheet title="All pages" isOpen onClose={onClose} side="bottom">
      <nav aria-label="All pages" className="space-y-3">
        {groups.map(({ name, places }) => (
          <div key={name}>
            <p className="mb-1 text-2xs font-semibold tracking-wider text-muted uppercase">{name}</p>
            <ul className="grid grid-cols-2 gap-2">
              {places.map(({ to, name: place, Icon }) => (
                <li key={to}>
                  <Link to={to} onClick={onClose} activeOptions={{ exact: to === "/", includeSearch: false }} className="flex h-12 items-center gap-3 rounded-lg border px-3 text-[0.8125rem] font-medium [&.active]:border-accent [&.active]:text-accent">
                    <Icon aria-hidden className="size-5 shrink-0" />
                    {place}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </Sheet>
  );
}
