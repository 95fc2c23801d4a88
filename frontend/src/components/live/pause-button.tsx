import { PauseIcon, PlayIcon } from "@heroicons/react/20/solid";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/format";
import type { Pulse } from "@/lib/live/pulse";
import { usePause } from "@/lib/live/use-live";

/** Freezes the figures in sight; what arrives meanwhile is counted, kept and shown afterwards. */
export function PauseButton({ pulse }: { pulse: Pulse }) {
  const { isPaused, waiting } = usePause(pulse);
  const Icon = isPaused ? PlayIcon : PauseIcon;
  return (
    <Button look={isPaused ? "solid" : "outline"} aria-pressed={isPaused} title="Freeze what is shown (p)" onClick={() => pulse.pause(!isPaused)}>
      <Icon aria-hidden className="size-4" />
      {isPaused ? "Go on" : "Pause"}
      {isPaused && waiting > 0 && <span className="num">{" "}· {formatCount(waiting)} waiting</span>}
    </Button>
  );
}

/** Says over the whole width that the figures below stand still. */
export function PausedStrip({ pulse, children }: { pulse: Pulse; children?: ReactNode }) {
  const { isPaused } = usePause(pulse);
  if (!isPaused) return null;
  return (
    <p role="status" className="rounded-lg bg-warn-soft px-3 py-1.5 text-xs text-warn">
      <span className="font-semibold">Paused.</span> What you see stands still and grows old; news waits and is shown when you go on. {children}
    </p>
  );
}
