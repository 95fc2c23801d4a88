import { SHORTCUTS } from "@/lib/shortcuts";

import { Kbd } from "./kbd";

export function ShortcutList() {
  return (
    <dl className="divide-y">
      {SHORTCUTS.map(([keys, meaning]) => (
        <div key={meaning} className="flex items-center justify-between gap-6 py-2 text-[0.8125rem]">
          <dt>{meaning}</dt>
          <dd className="flex gap-1">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
        </div>
      ))}
    </dl>
  );
}
