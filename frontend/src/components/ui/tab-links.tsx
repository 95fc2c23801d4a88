import clsx from "clsx";
import { useEffect, useRef } from "react";

interface TabLinksProps<T extends string> {
  label: string;
  value: T;
  tabs: readonly { value: T; label: string; count?: number }[];
  onChange: (value: T) => void;
}

/** Parts of a page, of which one is shown; the address remembers which. */
export function TabLinks<T extends string>({ label, value, tabs, onChange }: TabLinksProps<T>) {
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [value]);
  return (
    <nav aria-label={label} className="-mx-3 overflow-x-auto px-3 sm:mx-0 sm:px-0">
      <ul className="flex min-w-max gap-1 border-b">
        {tabs.map((tab) => (
          <li key={tab.value}>
            <button
              type="button"
              ref={tab.value === value ? current : undefined}
              aria-current={tab.value === value ? "page" : undefined}
              onClick={() => onChange(tab.value)}
              className={clsx(
                "-mb-px flex h-11 items-center gap-1.5 border-b-2 px-3 text-[0.8125rem] font-medium whitespace-nowrap sm:h-9",
                tab.value === value ? "border-accent text-accent" : "border-transparent text-muted hover:text-ink",
              )}
            >
              {tab.label}
              {tab.count !== undefined && <span className="num rounded-full bg-sunken px-1.5 text-2xs">{tab.count}</span>}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
