// Small per-browser preferences (is the navigation open?). Anything a link should carry belongs in the URL instead.

import { useCallback, useState } from "react";

function read(key: string): boolean | null {
  try {
    const stored = window.localStorage.getItem(`arbsite.${key}`);
    return stored === null ? null : stored === "true";
  } catch {
    return null;
  }
}

/** A remembered yes/no; `fallback` until the person chooses. */
export function usePreference(key: string, fallback: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => read(key) ?? fallback);
  const update = useCallback(
    (next: boolean) => {
      setValue(next);
      try {
        window.localStorage.setItem(`arbsite.${key}`, String(next));
      } catch {
        // not remembered
      }
    },
    [key],
  );
  return [value, update];
}
