import { useEffect, useEffectEvent, useRef } from "react";

import { useProfileChange } from "@/features/auth/api/profile";
import { useSession } from "@/features/auth/api/session";
import { setDensity, useDensity } from "@/lib/density";
import { setTheme, useTheme } from "@/lib/theme";
import { setTimeZone } from "@/lib/time";

/**
 * One look everywhere: what is saved on the server applies once somebody is known, and what they change here is
 * saved there. Nobody logged in: this browser alone remembers.
 */
export function useProfileSync(): void {
  const user = useSession().data?.user;
  const { choice } = useTheme();
  const density = useDensity();
  const { mutate } = useProfileChange();
  const applied = useRef<string | null>(null);

  const apply = useEffectEvent(() => {
    applied.current = user?.username ?? null;
    if (user?.theme) setTheme(user.theme);
    if (user?.density) setDensity(user.density);
  });
  useEffect(() => apply(), [user?.username]);
  useEffect(() => setTimeZone(user?.time_zone), [user?.time_zone]);

  const save = useEffectEvent(() => {
    if (!user || applied.current !== user.username) return;
    const patch = { ...(user.theme && user.theme !== choice && { theme: choice }), ...(user.density && user.density !== density && { density }) };
    if (Object.keys(patch).length > 0) mutate(patch);
  });
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) save();
    isFirst.current = false;
  }, [choice, density]);
}
