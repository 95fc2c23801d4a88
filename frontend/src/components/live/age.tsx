import clsx from "clsx";

import { formatAge } from "@/lib/instruments";
import { useSecond } from "@/lib/live/clock";
import { formatBoth } from "@/lib/time";

interface AgeProps {
  /** Milliseconds since the epoch, on the server's clock. */
  at: number | null;
  /** Older than this many milliseconds is too old to act on. */
  limit?: number;
  className?: string;
}

/** How old something is, by the second; the exact moment as tooltip. */
export function Age({ at, limit, className }: AgeProps) {
  const now = useSecond();
  if (at === null) return <span className={clsx("text-muted", className)}>never</span>;
  const age = now - at;
  const isOld = limit !== undefined && age > limit;
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={formatBoth(iso)} className={clsx("num whitespace-nowrap", isOld && "text-loss", className)}>
      {formatAge(age)}
      {isOld && <span className="sr-only">, too old</span>}
    </time>
  );
}
