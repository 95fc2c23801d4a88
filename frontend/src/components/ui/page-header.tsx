import { useEffect, type ReactNode } from "react";

import { setPageTitle } from "@/lib/title";

interface PageHeaderProps {
  title: string;
  /** Beside the title, e.g. a count. */
  note?: ReactNode;
  actions?: ReactNode;
}

/** The page's one h1; names the browser tab too. */
export function PageHeader({ title, note, actions }: PageHeaderProps) {
  useEffect(() => {
    setPageTitle(title);
  }, [title]);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
      {note && <span className="text-[0.8125rem] text-muted">{note}</span>}
      {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
