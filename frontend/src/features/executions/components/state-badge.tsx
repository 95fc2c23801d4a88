import { ArrowPathIcon, CheckCircleIcon, ShoppingBagIcon, XCircleIcon } from "@heroicons/react/16/solid";

import { Badge } from "@/components/ui/badge";

import type { ExecutionState } from "../api/shapes";
import { STATE_LOOKS } from "../hooks/execution-state";

const ICONS = { bought: ShoppingBagIcon, selling: ArrowPathIcon, settled: CheckCircleIcon, cancelled: XCircleIcon, failed: XCircleIcon } as const;

/** State as colour, icon and word. */
export function StateBadge({ state }: { state: ExecutionState }) {
  const { label, tone, meaning } = STATE_LOOKS[state];
  const Icon = ICONS[state];
  return (
    <Badge tone={tone} title={meaning}>
      <Icon aria-hidden className="size-3.5" />
      {label}
    </Badge>
  );
}
