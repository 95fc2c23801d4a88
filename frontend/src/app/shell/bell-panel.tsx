import { Popover, PopoverButton, PopoverPanel } from "@headlessui/react";
import clsx from "clsx";
import type { ComponentType, ReactNode } from "react";

import { buttonClass } from "@/components/ui/button";

interface BellPanelProps {
  /** Of the button, with the count in words, e.g. "Notifications: 3 unread". */
  label: string;
  title: string;
  Icon: ComponentType<{ className?: string }>;
  /** Shown on the button; 0 shows nothing. */
  count: number;
  tone: "accent" | "loss";
  actions?: ReactNode;
  className?: string;
  children: (close: () => void) => ReactNode;
}

/** A button of the top bar with a number on it and a list under it. */
export function BellPanel({ label, title, Icon, count, tone, actions, className, children }: BellPanelProps) {
  return (
    <Popover className={className}>
      <PopoverButton aria-label={label} title={label} className={clsx(buttonClass("ghost", true), "relative")}>
        <Icon aria-hidden className="size-5" />
        {count > 0 && (
          <span aria-hidden className={clsx("num absolute top-0.5 right-0.5 grid h-4 min-w-4 place-items-center rounded-full px-1 text-[0.625rem] leading-none font-bold text-white", tone === "loss" ? "bg-[#c22f47]" : "bg-accent-solid")}>
            {count > 99 ? "99+" : count}
          </span>
        )}
      </PopoverButton>
      <PopoverPanel anchor={{ to: "bottom end", gap: 6, padding: 8 }} className="z-40 flex max-h-[70vh]! w-96 max-w-[calc(100vw-1rem)] flex-col rounded-xl border bg-raised text-[0.8125rem] shadow-xl focus:outline-none">
        {({ close }) => (
          <>
            <div className="flex min-h-11 items-center justify-between gap-3 border-b px-3.5 py-1.5">
              <h2 className="font-semibold">{title}</h2>
              {actions}
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto">{children(close)}</div>
          </>
        )}
      </PopoverPanel>
    </Popover>
  );
}
