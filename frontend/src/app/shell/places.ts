import {
  AdjustmentsHorizontalIcon, BellAlertIcon, BookOpenIcon, BuildingStorefrontIcon, ChartBarSquareIcon, ChartPieIcon, CubeIcon,
  BoltIcon, EyeIcon, QueueListIcon, ReceiptPercentIcon, ScaleIcon, ServerStackIcon, ShieldCheckIcon, TableCellsIcon,
} from "@heroicons/react/24/outline";

import type { Role, Session } from "@/api/types";
import { mayActAs } from "@/lib/roles";

/** Every page of the navigation, in groups; a role says who it is of use to. */
const GROUPS = [
  {
    name: "Trade",
    places: [
      { to: "/", name: "Overview", Icon: ChartBarSquareIcon, exact: true },
      { to: "/opportunities", name: "Opportunities", Icon: ScaleIcon },
      { to: "/live", name: "Live desk", Icon: BoltIcon },
      { to: "/executions", name: "Executions", Icon: ReceiptPercentIcon, role: "viewer" },
      { to: "/watchlist", name: "Watchlist", Icon: EyeIcon, role: "viewer" },
      { to: "/alerts", name: "Alerts", Icon: BellAlertIcon, role: "viewer" },
    ],
  },
  {
    name: "Data",
    places: [
      { to: "/books", name: "Order books", Icon: TableCellsIcon },
      { to: "/products", name: "Products", Icon: CubeIcon },
      { to: "/markets", name: "Markets", Icon: BuildingStorefrontIcon },
      { to: "/reports", name: "Reports", Icon: ChartPieIcon, role: "viewer" },
    ],
  },
  {
    name: "Operate",
    places: [
      { to: "/jobs", name: "Jobs", Icon: QueueListIcon },
      { to: "/audit", name: "Audit", Icon: ShieldCheckIcon, role: "analyst" },
      { to: "/system", name: "System", Icon: ServerStackIcon, role: "operator" },
    ],
  },
  {
    name: "You",
    places: [
      { to: "/settings", name: "Settings", Icon: AdjustmentsHorizontalIcon, role: "viewer" },
      { to: "/help", name: "Help", Icon: BookOpenIcon },
    ],
  },
] as const;

type Group = (typeof GROUPS)[number];
export type Place = Group["places"][number] & { exact?: boolean; role?: Role };

export interface PlaceGroup {
  name: Group["name"];
  places: readonly Place[];
}

/** What this person's navigation holds. */
export function placesFor(session: Session | undefined): PlaceGroup[] {
  const mayGo = ({ role }: Place) => role === undefined || mayActAs(role, session);
  return GROUPS.map(({ name, places }) => ({ name, places: (places as readonly Place[]).filter(mayGo) })).filter(({ places }) => places.length > 0);
}
