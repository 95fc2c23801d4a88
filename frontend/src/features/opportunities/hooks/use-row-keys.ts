import { useHotkeys } from "@/lib/hotkeys";

interface RowKeys {
  ids: readonly string[];
  inspected: string | undefined;
  onInspect: (id: string | undefined, mode?: "replace") => void;
  onOpen: (id: string) => void;
  /** What e, w and x do with the focused row, or else with the inspected one. */
  onExecute: (id: string) => void;
  onWatch: (id: string) => void;
  onSelect: (id: string) => void;
  /** Bring the search field into sight. */
  onFind: () => void;
}

/** What holds the search field. */
export const SEARCH_FIELD = "screener-search";

function focusSearch(): void {
  document.querySelector<HTMLInputElement>(`#${SEARCH_FIELD} input`)?.focus();
}

function focusRow(id: string): void {
  const row = document.getElementById(`row-${id}`);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function focusedRow(ids: readonly string[]): number {
  const row = document.activeElement?.closest<HTMLElement>("tr[id^='row-']");
  return row ? ids.indexOf(row.id.slice("row-".length)) : -1;
}

/** The rows' keys: j and k (or arrows) move, Enter inspects and then opens, Escape closes, e w x act, / searches. */
export function useRowKeys({ ids, inspected, onInspect, onOpen, onExecute, onWatch, onSelect, onFind }: RowKeys): void {
  const move = (step: 1 | -1) => {
    const current = focusedRow(ids) >= 0 ? focusedRow(ids) : inspected ? ids.indexOf(inspected) : -1;
    const next = ids[current < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, current + step))];
    if (next === undefined) return;
    focusRow(next);
    if (inspected) onInspect(next, "replace");
  };
  const onCurrent = (act: (id: string) => void) => () => {
    const id = ids[focusedRow(ids)] ?? inspected;
    if (id !== undefined) act(id);
  };
  useHotkeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    e: onCurrent(onExecute),
    w: onCurrent(onWatch),
    x: onCurrent(onSelect),
    "/": () => {
      onFind();
      requestAnimationFrame(focusSearch);
    },
    Enter: () => {
      const id = ids[focusedRow(ids)];
      if (id === undefined) return;
      if (id === inspected) onOpen(id);
      else onInspect(id);
    },
    Escape: () => {
      if (!inspected) return;
      onInspect(undefined);
      focusRow(inspected);
    },
  });
}
