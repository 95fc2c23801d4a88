import { Combobox, ComboboxInput, ComboboxOption, ComboboxOptions, Dialog, DialogBackdrop, DialogPanel } from "@headlessui/react";
import { MagnifyingGlassIcon } from "@heroicons/react/20/solid";
import { useState } from "react";

import { Kbd } from "@/components/ui/kbd";

import { usePaletteEntries, type PaletteEntry } from "./use-palette-entries";

interface PaletteProps {
  onClose: () => void;
  onShortcuts: () => void;
}

function Entry({ entry }: { entry: PaletteEntry }) {
  return (
    <ComboboxOption
      value={entry}
      className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 text-[0.8125rem] data-focus:bg-accent-soft"
    >
      <entry.Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1 truncate">{entry.name}</span>
      {entry.note && <span className="num shrink-0 text-xs text-muted">{entry.note}</span>}
    </ComboboxOption>
  );
}

/** Ctrl+K: go anywhere, find a product or an opportunity. */
export default function Palette({ onClose, onShortcuts }: PaletteProps) {
  const [text, setText] = useState("");
  const { groups, isSearching } = usePaletteEntries(text, onShortcuts);
  const total = groups.reduce((sum, group) => sum + group.entries.length, 0);
  const choose = (entry: PaletteEntry | null) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  return (
    <Dialog open onClose={onClose} aria-label="Search" className="relative z-50">
      <DialogBackdrop className="fixed inset-0 bg-black/50" />
      <DialogPanel
        // The list is always open, so one Escape is meant for the whole palette.
        onKeyDownCapture={(event) => event.key === "Escape" && onClose()}
        className="fixed inset-x-3 top-[10vh] mx-auto flex max-h-[70vh] max-w-xl animate-enter flex-col overflow-hidden rounded-2xl border bg-surface shadow-2xl"
      >
        <Combobox<PaletteEntry> immediate onChange={choose}>
          <div className="flex items-center gap-2 border-b px-4">
            <MagnifyingGlassIcon aria-hidden className="size-5 text-muted" />
            <ComboboxInput
              autoFocus
              aria-label="Search products and opportunities, or go to a page"
              placeholder="Search products and opportunities, or go to a page"
              className="h-13 flex-1 bg-transparent text-sm outline-none placeholder:text-muted"
              onChange={(event) => setText(event.target.value)}
              autoComplete="off"
            />
            <Kbd>Esc</Kbd>
          </div>
          <ComboboxOptions static className="min-h-0 flex-1 overflow-y-auto p-2">
            {groups.map((group) => (
              <div key={group.name} role="group" aria-label={group.name}>
                <p className="px-3 pt-2 pb-1 text-2xs font-semibold tracking-wider text-muted uppercase">{group.name}</p>
                {group.entries.map((entry) => <Entry key={entry.id} entry={entry} />)}
              </div>
            ))}
          </ComboboxOptions>
          <p role="status" className="px-5 pb-3 text-xs text-muted empty:hidden">
            {isSearching ? "Searching" : total === 0 ? `Nothing found for “${text}”` : ""}
          </p>
        </Combobox>
      </DialogPanel>
    </Dialog>
  );
}
