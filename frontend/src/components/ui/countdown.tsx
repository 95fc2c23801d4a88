import { useEffect, useState } from "react";

import { formatCountdown, formatUtc } from "@/lib/time";

/** What is left until a moment, by the second; nothing once it has passed. */
export function Countdown({ until }: { until: string }) {
  const [now, setNow] = useState(() => Date.now());
  const left = Date.parse(until) - now;
  const isOver = !(left > 0);
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isOver]);
  if (isOver) return <span className="num">a moment</span>;
  return <time dateTime={until} title={formatUtc(until)} className="num">{formatCountdown(left)}</time>;
}
