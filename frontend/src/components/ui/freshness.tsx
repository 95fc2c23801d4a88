import clsx from "clsx";

import { useNow } from "@/lib/clock";
import { ageMs, formatBoth, formatDuration, formatLocal, formatRelative, freshnessOf } from "@/lib/time";

const DOTS = { fresh: "bg-gain-strong", ageing: "bg-warn-strong", stale: "bg-loss-strong" } as const;
const NAMES = { fresh: "fresh", ageing: "ageing", stale: "stale" } as const;

interface FreshnessProps {
  at: string | null | undefined;
  /** "short" prints "3 h"; "long" prints "fresh, 3 h ago". */
  form?: "short" | "long";
  className?: string;
}

/** How old something is: coloured dot and words, the exact moment as tooltip. */
export function Freshness({ at, form = "short", className }: FreshnessProps) {
  const now = useNow();
  if (!at) return <span className={clsx("text-muted", className)}>no prices</span>;
  const age = ageMs(at, now);
  const level = freshnessOf(age);
  const text = form === "short" ? formatDuration(age) : `${NAMES[level]}, ${formatRelative(at, now)}`;
  return (
    <time
      dateTime={at}
      title={`${formatBoth(at)}; ${NAMES[level]}`}
      className={clsx("num inline-flex items-center gap-1.5 whitespace-nowrap", className)}
    >
      <span aria-hidden className={clsx("size-1.5 shrink-0 rounded-full", DOTS[level])} />
      {text}
      {form === "short" && <span className="sr-only">old, {NAMES[level]}</span>}
    </time>
  );
}

/** A moment ahead, such as an expiry: "in 3 h". */
export function Moment({ at, className }: { at: string | null | undefined; className?: string }) {
  const now = useNow();
  if (!at) return <span className={clsx("text-muted", className)}>–</span>;
  return (
    <time dateTime={at} title={formatBoth(at)} className={clsx("num", className)}>
      {formatRelative(at, now)}
    </time>
  );
}

/** A moment as the reader's clock shows it; the tooltip has UTC too. */
export function Clock({ at, className }: { at: string | null | undefined; className?: string }) {
  if (!at) return <span className={clsx("text-muted", className)}>–</span>;
  return <time dateTime={at} title={formatBoth(at)} className={clsx("num", className)}>{formatLocal(at)}</time>;
}
