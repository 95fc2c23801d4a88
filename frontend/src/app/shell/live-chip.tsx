import clsx from "clsx";
import { useEffect, useState } from "react";

import { useStreamState, type StreamState } from "@/lib/sse";
import { formatDuration, formatSpan } from "@/lib/time";

const LOOKS: Record<StreamState, { word: string; dot: string; meaning: string }> = {
  live: { word: "Live", dot: "bg-gain-strong", meaning: "Changes arrive as they happen." },
  reconnecting: { word: "Reconnecting", dot: "bg-warn-strong animate-pulse", meaning: "The connection broke a moment ago; it is taken up again." },
  stale: { word: "Not live", dot: "bg-loss-strong", meaning: "No news arrives. Pages ask the server themselves, so figures may be up to a minute late." },
  off: { word: "Polling", dot: "bg-line-strong", meaning: "Pages ask the server from time to time." },
};

/** The clock of a chip that shows seconds; only while there is something to count. */
function useSeconds(isCounting: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isCounting) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isCounting]);
  return now;
}

/** Whether news arrives, and how old the last one is. */
export function LiveChip() {
  const { state, lastEventAt } = useStreamState();
  const now = useSeconds(lastEventAt !== null);
  const { word, dot, meaning } = LOOKS[state];
  const age = lastEventAt === null ? null : Math.max(0, now - lastEventAt);
  const text = age === null ? "" : age < 60_000 ? formatSpan(age / 1000) : formatDuration(age);
  return (
    <span
      title={`${meaning}${age === null ? "" : ` Last event ${text} ago.`}`}
      className={clsx("flex h-7 items-center gap-1.5 rounded-md px-1.5 text-xs whitespace-nowrap text-muted", state === "stale" && "bg-loss-soft text-loss")}
    >
      <span aria-hidden className={clsx("size-2 shrink-0 rounded-full", dot)} />
      <span role="status" className="max-md:sr-only">{word}</span>
      {text && <span aria-hidden className="num min-w-7 max-lg:hidden">{text}</span>}
    </span>
  );
}
