import { useSession } from "@/features/auth/api/session";

import { JobsBell } from "./jobs-bell";
import { NotificationsBell } from "./notifications-bell";
import { ThemeMenu } from "./theme-menu";
import { UserMenu } from "./user-menu";

/** What opens from the top bar; its code arrives after the first paint. */
export default function TopBarMenus() {
  const { data } = useSession();
  return (
    <>
      {data && <JobsBell />}
      {data?.user && <NotificationsBell />}
      <span className="max-sm:hidden"><ThemeMenu /></span>
      <UserMenu />
    </>
  );
}
