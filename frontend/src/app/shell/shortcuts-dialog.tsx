import { Kbd } from "@/components/ui/kbd";
import { Sheet } from "@/components/ui/sheet";

const SHORTCUTS: readonly [keys: string[], meaning: string][] = [
  [["Ctrl", "K"], "Search and commands"],
  [["/"], "Search"],
  [["j"], "Next row (also ↓)"],
  [["k"], "Previous row (also ↑)"],
  [["Enter"], "Inspect the row; again to open its page"],
  [["e"], "Execute the row on paper"],
  [["w"], "Watch or stop watching the row"],
  [["x"], "Select the row"],
  [["Esc"], "Close the inspector or a dialog"],
  [["?"], "This help"],
];

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title="Keyboard shortcuts" isOpen onClose={onClose}>
      <dl className="divide-y">
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={meaning} className="flex items-center justify-between gap-6 py-2 text-[0.8125rem]">
            <dt>{meaning}</dt>
            <dd className="flex gap-1">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
