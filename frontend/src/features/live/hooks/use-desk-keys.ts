import { useHotkeys } from "@/lib/hotkeys";
import { focusedKey, stepRow } from "@/lib/row-focus";

import { pulse } from "./desk";

/** j and k (or arrows) move through the routes, e executes the focused one, p freezes the page. */
export function useDeskKeys(keys: readonly string[], onExecute: (id: string) => void): void {
  useHotkeys({
    j: () => stepRow(keys, 1),
    ArrowDown: () => stepRow(keys, 1),
    k: () => stepRow(keys, -1),
    ArrowUp: () => stepRow(keys, -1),
    e: () => {
      const id = focusedKey(keys);
      if (id !== undefined) onExecute(id);
    },
    p: () => pulse.pause(!pulse.state().isPaused),
  });
}
