import { Dialog, DialogBackdrop, DialogPanel, DialogTitle } from "@headlessui/react";
import { XMarkIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";
import type { ReactNode } from "react";

import { IconButton } from "./button";

interface SheetProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  side?: "right" | "bottom" | "left" | "centre";
  footer?: ReactNode;
  children: ReactNode;
}

const SIDES = {
  right: "inset-y-0 right-0 w-full max-w-md data-closed:translate-x-8",
  left: "inset-y-0 left-0 w-72 data-closed:-translate-x-8",
  bottom: "inset-x-0 bottom-0 max-h-[85dvh] rounded-t-2xl data-closed:translate-y-8",
  centre: "inset-x-4 top-[12vh] mx-auto max-h-[76dvh] max-w-lg rounded-2xl data-closed:scale-95",
} as const;

/** A modal panel. Focus goes in, stays in, and returns to where it came from. */
export function Sheet({ title, isOpen, onClose, side = "centre", footer, children }: SheetProps) {
  return (
    <Dialog open={isOpen} onClose={onClose} className="relative z-40">
      <DialogBackdrop transition className="fixed inset-0 bg-black/50 transition-opacity duration-150 data-closed:opacity-0" />
      <DialogPanel
        transition
        className={clsx(
          "fixed flex flex-col overflow-hidden border bg-surface shadow-2xl transition duration-150 data-closed:opacity-0",
          SIDES[side],
        )}
      >
        <header className="flex items-center justify-between gap-4 border-b px-4 py-2.5">
          <DialogTitle className="truncate text-sm font-semibold">{title}</DialogTitle>
          <IconButton label="Close" onClick={onClose}>
            <XMarkIcon aria-hidden className="size-5" />
          </IconButton>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
        {footer && <footer className="border-t p-3">{footer}</footer>}
      </DialogPanel>
    </Dialog>
  );
}
