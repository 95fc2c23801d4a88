import { Popover, PopoverButton, PopoverPanel } from "@headlessui/react";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";

import { GLOSSARY, type TermId } from "@/lib/glossary";

interface TermProps {
  id: TermId;
  /** What is shown; the glossary's own name without it. */
  children?: ReactNode;
  className?: string;
}

/** A word of the glossary: a dotted line under it, its meaning in a popover. Not for the first paint. */
export function Term({ id, children, className }: TermProps) {
  const { name, text } = GLOSSARY[id];
  return (
    <Popover className="contents">
      <PopoverButton
        className={clsx("cursor-help rounded-sm text-left underline decoration-line-strong decoration-dotted underline-offset-3 hover:decoration-accent", className)}
      >
        {children ?? name}
        <span className="sr-only"> (what is this?)</span>
      </PopoverButton>
      <PopoverPanel anchor={{ to: "bottom start", gap: 6, padding: 12 }} className="z-50 w-72 rounded-xl border bg-raised p-3 text-xs font-normal normal-case shadow-xl">
        <p className="mb-1 font-semibold text-ink">{name}</p>
        <p className="whitespace-normal text-muted">{text}</p>
        <Link to="/help" hash={id} className="mt-2 inline-block font-medium text-accent underline">More in Help</Link>
      </PopoverPanel>
    </Popover>
  );
}
