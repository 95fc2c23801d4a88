import { useEffect, useEffectEvent } from "react";

type Handler = (event: KeyboardEvent) => void;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** "mod+k" for Ctrl/Cmd+K, otherwise the key's own name: "j", "?", "Enter", "Escape". */
function nameOf(event: KeyboardEvent): string {
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

/**
 * Page-wide keys. Plain keys do nothing while a person types, a dialog is open or a control that uses the key
 * itself (a link or button under Enter) has the focus; "mod+…" always works.
 */
export function useHotkeys(keys: Record<string, Handler>): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey) return;
    const name = nameOf(event);
    const handler = keys[name];
    if (!handler) return;
    const isPlain = !name.startsWith("mod+");
    if (isPlain && (isTyping(event.target) || document.querySelector("[role='dialog'][aria-modal='true']"))) return;
    if (name === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button")) return;
    event.preventDefault();
    handler(event);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handle(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}
