import clsx from "clsx";

import { formatAge } from "@/lib/instruments";
import { useSecondHere } from "@/lib/live/clock";
import { useStreamState } from "@/lib/sse";

const SILENT_MS = 20_000;

/** Whether the page's figures arrive by themselves, and how long ago the last one did. */
export function StreamNote() {
  const now = useSecondHere();
  const { state, lastEventAt } = useStreamState();
  const age = lastEventAt === null ? null : Math.max(0, now - lastEventAt);
  const isSilent = state === "live" && age !== null && age > SILENT_MS;
  const look =
    state === "live"
      ? isSilent
        ? { dot: "bg-warn-strong", text: "Connected, but silent" }
        : { dot: "bg-gain-strong", text: "Streaming" }
      : state === "reconnecting"
        ? { dot: "bg-warn-strong animate-pulse", text: "Reconnecting" }
        : state === "stale"
          ? { dot: "bg-loss-strong", text: "Not streaming, asking every 5 s" }
          : { dot: "bg-line-strong", text: "Asking every 5 s" };
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-muted">
      <span aria-hidden className={clsx("size-2 rounded-full", look.dot)} />
      <span role="status">{look.text}</span>
      {age !== null && <span aria-hidden className="num">last news {formatAge(age)}{age >= 1_000 && " ago"}</span>}
    </span>
  );
}
