// Which rows are marked for a bulk action. Another view starts with none.

import { useCallback, useState } from "react";

import type { Targets } from "../api/change-opportunities";

interface Marked {
  view: string;
  ids: ReadonlySet<string>;
  isEverything: boolean;
}

export interface Selection {
  ids: ReadonlySet<string>;
  /** Everything that matches, also on other pages. */
  isEverything: boolean;
  count: number;
  targets: (matching: string) => Targets;
  toggle: (id: string) => void;
  setPage: (isOn: boolean) => void;
  selectEverything: () => void;
  clear: () => void;
}

function none(view: string): Marked {
  return { view, ids: new Set(), isEverything: false };
}

/** Marked rows of `view`; `page` are the ids in sight and `total` how many match. */
export function useSelection(view: string, page: readonly string[], total: number): Selection {
  const [marked, setMarked] = useState<Marked>(() => none(view));
  const current = marked.view === view ? marked : none(view);
  const toggle = useCallback(
    (id: string) =>
      setMarked((before) => {
        const own = before.view === view ? before : none(view);
        const ids = own.ids.has(id) ? [...own.ids].filter((other) => other !== id) : [...own.ids, id];
        return { view, ids: new Set(ids), isEverything: false };
      }),
    [view],
  );
  return {
    ids: current.ids,
    isEverything: current.isEverything,
    count: current.isEverything ? total : current.ids.size,
    targets: (matching) => (current.isEverything ? { all_matching: matching } : { ids: [...current.ids] }),
    toggle,
    setPage: (isOn) => setMarked({ view, ids: new Set(isOn ? page : []), isEverything: false }),
    selectEverything: () => setMarked({ view, ids: new Set(page), isEverything: true }),
    clear: () => setMarked(none(view)),
  };
}
