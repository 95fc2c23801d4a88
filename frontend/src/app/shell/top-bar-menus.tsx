import { ThemeMenu } from "./theme-menu";
import { UserMenu } from "./user-menu";

/** What opens from the top bar; its code arrives after the first paint. */
export default function TopBarMenus() {
  return (
    <>
      <ThemeMenu />
      <UserMenu />
    </>
  );
}
