import { ArrowPathIcon } from "@heroicons/react/16/solid";

import { plural } from "@/lib/format";

import type { Pending } from "../hooks/use-stable-rows";

export function describePending({ added, gone, moved }: Pending): string {
  const parts = [added > 0 && `${added} new`, gone > 0 && `${gone} gone`].filter(Boolean);
  if (parts.length > 0) return parts.join(", ");
  return moved ? "Order changed" : "";
}

/** "12:04" on the reader's clock. */
function clockTime(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

interface UpdatesPillProps {
  pending: Pending;
  /** When the rows in sight were read. */
  since: number;
  onShow: () => void;
}

/** Says politely that the list could be rearranged; nothing moves until it is pressed. */
export function UpdatesPill({ pending, since, onShow }: UpdatesPillProps) {
  const text = describePending(pending);
  return (
    <div aria-live="polite" className="min-h-0">
      {text && (
        <button
          type="button"
          onClick={onShow}
          aria-label={`${text} since ${clockTime(since)}. Show ${plural(pending.added + pending.gone, "change")}`}
          className="inline-flex h-11 animate-enter items-center gap-1.5 rounded-full bg-accent-soft px-3 text-xs font-semibold whitespace-nowrap text-accent hover:brightness-95 sm:h-8 dark:hover:brightness-125"
        >
          <ArrowPathIcon aria-hidden className="size-3.5" />
          <span className="num">{text} since {clockTime(since)}</span> · show
        </button>
      )}
    </div>
  );
}
