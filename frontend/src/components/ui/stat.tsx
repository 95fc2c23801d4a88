import clsx from "clsx";
import type { ReactNode } from "react";

interface StatProps {
  label: string;
  hint?: ReactNode;
  emphasis?: boolean;
  children: ReactNode;
}

/** One headline figure. */
export function Stat({ label, hint, emphasis = false, children }: StatProps) {
  return (
    <div className={clsx("min-w-0 px-4 py-3", emphasis && "bg-accent-soft/40")}>
      <dt className="truncate text-xs text-muted">{label}</dt>
      <dd className="num mt-0.5 text-xl leading-7 font-semibold tracking-tight">{children}</dd>
      {hint && <dd className="mt-0.5 text-2xs text-muted">{hint}</dd>}
    </div>
  );
}
