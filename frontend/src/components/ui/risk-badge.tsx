import { ExclamationTriangleIcon, ShieldCheckIcon, ShieldExclamationIcon } from "@heroicons/react/20/solid";

import type { RiskLevel } from "@/api/types";

import { Badge, type Tone } from "./badge";

const LOOKS: Record<RiskLevel, { tone: Tone; label: string; Icon: typeof ShieldCheckIcon }> = {
  low: { tone: "gain", label: "Low", Icon: ShieldCheckIcon },
  medium: { tone: "warn", label: "Medium", Icon: ShieldExclamationIcon },
  high: { tone: "loss", label: "High", Icon: ExclamationTriangleIcon },
};

/** Risk as colour, icon and word. */
export function RiskBadge({ level, suffix = "" }: { level: RiskLevel; suffix?: string }) {
  const { tone, label, Icon } = LOOKS[level];
  return (
    <Badge tone={tone} title={`${label} risk`}>
      <Icon aria-hidden className="size-3.5" />
      {label}
      {suffix || <span className="sr-only"> risk</span>}
    </Badge>
  );
}
