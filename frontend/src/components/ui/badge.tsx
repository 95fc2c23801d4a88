import clsx from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "gain" | "warn" | "loss";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunken text-muted border-line",
  accent: "bg-accent-soft text-accent border-transparent",
  gain: "bg-gain-soft text-gain border-transparent",
  warn: "bg-warn-soft text-warn border-transparent",
  loss: "bg-loss-soft text-loss border-transparent",
};

interface BadgeProps {
  tone?: Tone;
  title?: string;
  className?: string;
  children: ReactNode;
}

export function Badge({ tone = "neutral", title, className, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={clsx(
        "inline-flex items-center gap-1 rounded-md border px-1.5 py-0.5 text-2xs font-semibold whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
