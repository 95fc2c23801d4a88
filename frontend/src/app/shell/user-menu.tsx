import { AdjustmentsHorizontalIcon, ArrowLeftStartOnRectangleIcon, BookOpenIcon, Cog6ToothIcon, QuestionMarkCircleIcon, UserCircleIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";

import { buttonClass } from "@/components/ui/button";
import { useLogOut, useSession } from "@/features/auth/api/session";
import { humanise } from "@/lib/format";

import { DropItem, DropMenu } from "./menu";

const STAFF_ROLES = new Set(["operator", "admin"]);

/** Who is logged in, with the way out; a log-in button for visitors. */
export function UserMenu() {
  const { data } = useSession();
  const logOut = useLogOut();
  if (!data) return <span aria-hidden className="size-9" />;
  if (!data.user) return <Link to="/login" className={buttonClass("outline")}>Log in</Link>;
  const { username, role, is_staff } = data.user;
  return (
    <DropMenu
      label={`Account: ${username}`}
      button={<UserCircleIcon aria-hidden className="size-5" />}
      header={
        <>
          <p className="font-semibold">{username}</p>
          <p className="text-xs text-muted">{humanise(role)}</p>
        </>
      }
    >
      <DropItem to="/settings"><AdjustmentsHorizontalIcon aria-hidden className="size-4" />Settings</DropItem>
      <DropItem to="/help"><QuestionMarkCircleIcon aria-hidden className="size-4" />Help</DropItem>
      <DropItem href="/api/docs/"><BookOpenIcon aria-hidden className="size-4" />API documentation</DropItem>
      {(is_staff ?? STAFF_ROLES.has(role)) && <DropItem href="/admin/"><Cog6ToothIcon aria-hidden className="size-4" />Admin</DropItem>}
      <DropItem onSelect={() => logOut.mutate()}><ArrowLeftStartOnRectangleIcon aria-hidden className="size-4" />Log out</DropItem>
    </DropMenu>
  );
}
