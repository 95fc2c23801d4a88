import { CheckCircleIcon, ClockIcon, DocumentMagnifyingGlassIcon, ExclamationTriangleIcon, PauseCircleIcon } from "@heroicons/react/20/solid";

import { Badge, type Tone } from "@/components/ui/badge";

import type { RouteState } from "../hooks/route-state";

const LOOKS: Record<RouteState, { tone: Tone; label: string; Icon: typeof ClockIcon }> = {
  live: { tone: "gain", label: "Live", Icon: CheckCircleIcon },
  waiting: { tone: "neutral", label: "Waiting", Icon: ClockIcon },
  failing: { tone: "loss", label: "Failing", Icon: ExclamationTriangleIcon },
  review: { tone: "warn", label: "Needs review", Icon: DocumentMagnifyingGlassIcon },
  off: { tone: "neutral", label: "Off", Icon: PauseCircleIcon },
};

/** State of a route or source as colour, icon and word. */
export function RouteStateBadge({ state }: { state: RouteState }) {
  const { tone, label, Icon } = LOOKS[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3.5" />
      {label}
    </Badge>
  );
}
