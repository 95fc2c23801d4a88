import { useHotkeys } from "@/lib/hotkeys";

interface RowKeys {
  ids: readonly string[];
  inspected: string | undefined;
  onInspect: (id: string | undefined, mode?: "replace") => void;
  onOpen: (id: string) => void;
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

/** j and k (or arrows) move through the rows, Enter inspects and then opens, Escape closes the inspector. */
export function useRowKeys({ ids, inspected, onInspect, onOpen }: RowKeys): void {
  const move = (step: 1 | -1) => {
    const current = focusedRow(ids) >= 0 ? focusedRow(ids) : inspected ? ids.indexOf(inspected) : -1;
    const next = ids[current < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, current + step))];
    if (next === undefined) return;
    focusRow(next);
    if (inspected) onInspect(next, "replace");
  };
  useHotkeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
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
