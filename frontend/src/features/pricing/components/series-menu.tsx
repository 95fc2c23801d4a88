import { ChevronDownIcon } from "@heroicons/react/20/solid";
import { useId, useState } from "react";

import { Button } from "@/components/ui/button";
import { formatMoney } from "@/lib/format";
import { sourceName } from "@/lib/vocabulary";

import type { PriceSeries } from "../hooks/price-series";
import { MAX_LINES, type ChosenSeries } from "../hooks/use-chosen-series";

interface SeriesMenuProps {
  series: readonly PriceSeries[];
  slots: ChosenSeries["slots"];
  onToggle: (key: string) => void;
}

function Choices({ series, slots, onToggle }: SeriesMenuProps) {
  return series.map((line) => {
    const isOn = slots.has(line.key);
    return (
      <label key={line.key} className="flex min-h-11 items-center gap-2.5 rounded-md px-1.5 text-[0.8125rem] hover:bg-sunken has-disabled:opacity-50 sm:min-h-8">
        <input type="checkbox" checked={isOn} disabled={!isOn && slots.size >= MAX_LINES} onChange={() => onToggle(line.key)} className="size-4 accent-[var(--accent-solid)]" />
        <span className="min-w-0 flex-1">{line.shortName}</span>
        <span className="num text-xs text-muted">{formatMoney(line.points.at(-1)?.price, line.currency)}</span>
      </label>
    );
  });
}

function takeFocus(panel: HTMLElement | null): void {
  panel?.focus();
}

function Panel({ series, slots, onToggle }: SeriesMenuProps) {
  const [wanted, setWanted] = useState("");
  const words = wanted.toLowerCase().split(/\s+/);
  const found = series.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const sources = [...new Set(found.map(({ source }) => source))];
  const drawn = slots.size >= MAX_LINES ? `${MAX_LINES} lines drawn, as many as there can be` : `${slots.size} of at most ${MAX_LINES} lines drawn`;
  return (
    <>
      <input type="search" aria-label="Find a series" placeholder="Find a series" value={wanted} onChange={(event) => setWanted(event.target.value)} className="field w-full shrink-0" />
      <p role="status" className="num px-1.5 pt-1.5 text-2xs text-muted">{found.length === 0 ? "No series is called so" : drawn}</p>
      <div className="max-h-80 min-h-0 overflow-y-auto">
        {sources.map((source) => (
          <fieldset key={source} className="pt-1.5">
            <legend className="px-1.5 text-2xs font-semibold text-muted">{sourceName(source)}</legend>
            <Choices series={found.filter((line) => line.source === source)} slots={slots} onToggle={onToggle} />
          </fieldset>
        ))}
      </div>
    </>
  );
}

/** Every series by source, with a search. Switching keeps the panel open; Escape or leaving it closes it. */
export function SeriesMenu(props: SeriesMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const [button, panel] = [useId(), useId()];
  return (
    <div
      className="relative shrink-0"
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setOpen(false)}
      onKeyDown={({ key }) => {
        if (key !== "Escape") return;
        setOpen(false);
        document.getElementById(button)?.focus();
      }}
    >
      <Button id={button} aria-expanded={isOpen} aria-controls={isOpen ? panel : undefined} onClick={() => setOpen(!isOpen)}>
        All {props.series.length}
        <span className="sr-only">series</span>
        <ChevronDownIcon aria-hidden className="size-4" />
      </Button>
      {isOpen && (
        <div id={panel} ref={takeFocus} tabIndex={-1} role="group" aria-label="All series" className="absolute top-full right-0 z-30 mt-1.5 flex w-80 flex-col rounded-xl border bg-raised p-2 shadow-xl outline-none">
          <Panel {...props} />
        </div>
      )}
    </div>
  );
}
