// Moving through rows by keyboard: rows carry `id="row-<key>"` and a negative tab index.

export function focusRow(key: string): void {
  const row = document.getElementById(`row-${key}`);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** The row that holds the focus. */
export function focusedKey(keys: readonly string[]): string | undefined {
  const row = document.activeElement?.closest<HTMLElement>("[id^='row-']");
  const key = row?.id.slice("row-".length);
  return key !== undefined && keys.includes(key) ? key : undefined;
}

/** To the next or the previous row; from nowhere to the first. */
export function stepRow(keys: readonly string[], step: 1 | -1): void {
  const current = focusedKey(keys);
  const index = current === undefined ? -1 : keys.indexOf(current);
  const next = keys[index < 0 ? 0 : Math.min(keys.length - 1, Math.max(0, index + step))];
  if (next !== undefined) focusRow(next);
}
