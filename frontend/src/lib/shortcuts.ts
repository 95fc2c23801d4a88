// The keys of the dashboard, for the dialog under `?` and for Help.

export const SHORTCUTS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [["Ctrl", "K"], "Search and commands"],
  [["/"], "Search"],
  [["j"], "Next row (also ↓)"],
  [["k"], "Previous row (also ↑)"],
  [["Enter"], "Inspect the row; again to open its page"],
  [["e"], "Execute the row on paper"],
  [["p"], "Pause the live desk or the order books, or go on"],
  [["w"], "Watch or stop watching the row"],
  [["x"], "Select the row"],
  [["Esc"], "Close the inspector or a dialog"],
  [["?"], "The list of keys"],
];
