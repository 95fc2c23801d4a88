import clsx from "clsx";

interface ProgressBarProps {
  label: string;
  done: number;
  /** 0 means that it is not known yet. */
  total: number;
  tone?: "accent" | "gain" | "warn" | "loss";
  className?: string;
}

const FILLS = { accent: "bg-accent-solid", gain: "bg-gain-strong", warn: "bg-warn-strong", loss: "bg-loss-strong" } as const;

/** How much of something is done; without a total it only says that it is under way. */
export function ProgressBar({ label, done, total, tone = "accent", className }: ProgressBarProps) {
  const isKnown = total > 0;
  const share = isKnown ? Math.min(1, Math.max(0, done / total)) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={isKnown ? Math.round(share * 100) : undefined}
      className={clsx("h-1.5 overflow-hidden rounded-full bg-line", className)}
    >
      <div className={clsx("h-full rounded-full", FILLS[tone], !isKnown && "w-1/3 animate-pulse")} style={isKnown ? { width: `${share * 100}%` } : undefined} />
    </div>
  );
}

interface ShareBarProps {
  label: string;
  part: number;
  whole: number;
  className?: string;
}

/** A share as a bar; the figures stand beside it in words. */
export function ShareBar({ label, part, whole, className }: ShareBarProps) {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  const tone = share >= 0.9 ? FILLS.gain : share >= 0.5 ? FILLS.warn : FILLS.loss;
  return (
    <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={whole} aria-valuenow={part} aria-valuetext={`${part} of ${whole}`} className={clsx("h-1.5 overflow-hidden rounded-full bg-line", className)}>
      <div className={clsx("h-full rounded-full", whole > 0 && tone)} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
