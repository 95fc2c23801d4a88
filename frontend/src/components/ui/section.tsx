import clsx from "clsx";
import { useId, type ReactNode } from "react";

interface SectionProps {
  title: string;
  /** One line under the title. */
  note?: ReactNode;
  actions?: ReactNode;
  className?: string;
  bodyClass?: string;
  children: ReactNode;
}

/** A titled card; a landmark that screen readers can jump to. */
export function Section({ title, note, actions, className, bodyClass = "px-4 pb-4 sm:px-5 sm:pb-5", children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx("card min-w-0", className)}>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-4 pb-3 sm:px-5">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="text-sm font-semibold">{title}</h2>
          {note && <p className="mt-0.5 text-xs text-muted">{note}</p>}
        </div>
        {actions}
      </header>
      <div className={bodyClass}>{children}</div>
    </section>
  );
}

/** Term and figure, for lists of facts. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-b border-line/60 py-1.5 last:border-0">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="min-w-0 text-right text-[0.8125rem] break-words">{children}</dd>
    </div>
  );
}
