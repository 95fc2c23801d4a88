// Which lines are drawn. Each holds a slot, and with it a colour, for as long as it is chosen.

import { useMemo, useState } from "react";

import { headlines, type PriceSeries } from "./price-series";

export const MAX_LINES = 6;
const AT_FIRST = 3;

type Slots = readonly (string | null)[];

function switchOver(slots: Slots, key: string): Slots {
  if (slots.includes(key)) return slots.map((held) => (held === key ? null : held));
  const free = slots.indexOf(null);
  if (free >= 0) return slots.map((held, index) => (index === free ? key : held));
  return slots.length < MAX_LINES ? [...slots, key] : slots;
}

export interface ChosenSeries {
  /** Slot by key, 0 to 5. */
  slots: ReadonlyMap<string, number>;
  /** What is worth a chip: everything chosen, then the headlines there is room for. */
  chips: readonly PriceSeries[];
  /** Switch one line on or off; a seventh is not switched on. */
  toggle: (key: string) => void;
}

/** The chosen ones among `series`; the first headlines until somebody chooses. */
export function useChosenSeries(series: readonly PriceSeries[]): ChosenSeries {
  const [held, setHeld] = useState<Slots | null>(null);
  return useMemo(() => {
    const known = new Set(series.map(({ key }) => key));
    const first = headlines(series);
    const current = held?.map((key) => (key !== null && known.has(key) ? key : null)) ?? first.slice(0, AT_FIRST).map(({ key }) => key);
    const slots = new Map(current.flatMap((key, index) => (key === null ? [] : [[key, index] as const])));
    const offered = first.slice(0, MAX_LINES);
    const extra = series.filter((line) => slots.has(line.key) && !offered.includes(line));
    const room = MAX_LINES - slots.size;
    const idle = new Set(offered.filter(({ key }) => !slots.has(key)).slice(0, room));
    const shown = offered.filter((line) => slots.has(line.key) || idle.has(line));
    return { slots, chips: [...extra, ...shown], toggle: (key: string) => setHeld(switchOver(current, key)) };
  }, [series, held]);
}
