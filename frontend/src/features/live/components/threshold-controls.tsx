import { useId } from "react";

import { TextField } from "@/components/ui/text-field";
import { isDecimal } from "@/lib/decimal";

import { MOST_BPS, NO_FLOOR, type Thresholds } from "../hooks/thresholds";

interface ThresholdControlsProps {
  thresholds: Thresholds;
  onChange: (patch: Partial<Thresholds>) => void;
}

/** The floor of this browser, in basis points and in money; remembered here. */
export function ThresholdControls({ thresholds, onChange }: ThresholdControlsProps) {
  const id = useId();
  const { bps, profit } = thresholds;
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-2" role="group" aria-label="Show from">
      <div>
        <label htmlFor={id} className="flex justify-between gap-4 text-xs text-muted">
          Net from <span className="num text-ink">{bps} bps</span>
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={MOST_BPS}
          step={5}
          value={bps}
          aria-valuetext={`${bps} basis points net`}
          onChange={(event) => onChange({ bps: Number(event.target.value) })}
          className="h-11 w-40 accent-(--accent-solid) sm:h-6 lg:w-48"
        />
      </div>
      <TextField className="w-28" label="Profit, each, from" inputMode="decimal" placeholder="any" value={profit || undefined} isValid={(text) => isDecimal(text) && !text.startsWith("-")} onCommit={(value) => onChange({ profit: value ?? "" })} />
      {(bps > 0 || profit !== "") && <button type="button" className="min-h-11 text-xs font-medium text-accent underline sm:min-h-9" onClick={() => onChange(NO_FLOOR)}>Show all</button>}
    </div>
  );
}
