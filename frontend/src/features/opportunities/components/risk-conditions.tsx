import { CheckCircleIcon, XCircleIcon } from "@heroicons/react/20/solid";

import type { Explanation } from "@/api/types";
import { RiskBadge } from "@/components/ui/risk-badge";

/** Which conditions of the risk rules hold, and what would lift the level. */
export function RiskConditions({ risk }: { risk: Explanation["risk"] }) {
  return (
    <div className="rounded-lg border bg-sunken p-3 text-xs">
      <p className="flex items-center gap-2 font-medium">
        <RiskBadge level={risk.level} suffix=" risk" /> because
      </p>
      <ul className="mt-2 space-y-1">
        {risk.conditions.map((condition) => (
          <li key={condition.text} className="flex gap-1.5">
            {condition.holds ? (
              <CheckCircleIcon aria-hidden className="size-4 shrink-0 text-gain" />
            ) : (
              <XCircleIcon aria-hidden className="size-4 shrink-0 text-loss" />
            )}
            <span>
              <span className="sr-only">{condition.holds ? "Holds: " : "Does not hold: "}</span>
              {condition.text}
            </span>
          </li>
        ))}
      </ul>
      {risk.to_improve.length > 0 && (
        <p className="mt-2 border-t pt-2 text-muted">
          <span className="font-medium text-ink">To lower the risk: </span>
          {risk.to_improve.join("; ")}
        </p>
      )}
    </div>
  );
}
