import { ArrowPathIcon } from "@heroicons/react/16/solid";

import { plural } from "@/lib/format";

import type { Pending } from "../hooks/use-stable-rows";

export function describePending({ added, gone, moved }: Pending): string {
  const parts = [added > 0 && `${added} new`, gone > 0 && `${gone} gone`].filter(Boolean);
  if (parts.length > 0) return parts.join(", ");
  return moved ? "Order changed" : "";
}

/** Says politely that the list could be rearranged; nothing moves until it is pressed. */
export function UpdatesPill({ pending, onShow }: { pending: Pending; onShow: () => void }) {
  const text = describePending(pending);
  return (
    <div aria-live="polite" className="min-h-0">
      {text && (
        <button
          type="button"
          onClick={onShow}
          aria-label={`${text}. Show ${plural(pending.added + pending.gone, "change")}`}
          className="inline-flex h-11 animate-enter items-center gap-1.5 rounded-full bg-accent-soft px-3 text-xs font-semibold text-accent hover:brightness-95 sm:h-7 dark:hover:brightness-125"
        >
          <ArrowPathIcon aria-hidden className="size-3.5" />
          {text} · show
        </button>
      )}
    </div>
  );
}
