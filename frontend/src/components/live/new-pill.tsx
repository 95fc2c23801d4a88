import { ArrowPathIcon } from "@heroicons/react/16/solid";

interface NewPillProps {
  count: number;
  what: string;
  onShow: () => void;
}

/** Says politely that rows wait; nothing moves until it is pressed or the pointer leaves. */
export function NewPill({ count, what, onShow }: NewPillProps) {
  return (
    <div aria-live="polite" className="min-h-0">
      {count > 0 && (
        <button
          type="button"
          onClick={onShow}
          aria-label={`${count} new ${what}. Show`}
          className="inline-flex h-11 animate-enter items-center gap-1.5 rounded-full bg-accent-soft px-3 text-xs font-semibold whitespace-nowrap text-accent hover:brightness-95 sm:h-7 dark:hover:brightness-125"
        >
          <ArrowPathIcon aria-hidden className="size-3.5" />
          <span className="num">{count} new</span> · show
        </button>
      )}
    </div>
  );
}
