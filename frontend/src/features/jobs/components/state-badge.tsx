import { ArrowPathIcon, CheckCircleIcon, ClockIcon, ExclamationTriangleIcon, NoSymbolIcon, XCircleIcon } from "@heroicons/react/20/solid";

import type { JobState } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";

import { stateName } from "../hooks/job-state";

const LOOKS: Record<JobState, { tone: Tone; Icon: typeof ClockIcon; spins?: boolean }> = {
  queued: { tone: "neutral", Icon: ClockIcon },
  running: { tone: "accent", Icon: ArrowPathIcon, spins: true },
  cancelling: { tone: "warn", Icon: ArrowPathIcon, spins: true },
  succeeded: { tone: "gain", Icon: CheckCircleIcon },
  partly: { tone: "warn", Icon: ExclamationTriangleIcon },
  failed: { tone: "loss", Icon: XCircleIcon },
  cancelled: { tone: "neutral", Icon: NoSymbolIcon },
};

/** State of a run as colour, icon and words. */
export function JobStateBadge({ state }: { state: JobState }) {
  const { tone, Icon, spins } = LOOKS[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={spins ? "size-3.5 animate-spin" : "size-3.5"} />
      {stateName(state)}
    </Badge>
  );
}
