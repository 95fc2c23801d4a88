import { CheckCircleIcon, ExclamationTriangleIcon, InformationCircleIcon, XCircleIcon, XMarkIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";

import { dismissToast, useToasts, type ToastTone } from "@/lib/toasts";

import { IconButton } from "./button";

const LOOKS: Record<ToastTone, { Icon: typeof XMarkIcon; colour: string; word: string }> = {
  gain: { Icon: CheckCircleIcon, colour: "text-gain", word: "Done" },
  warn: { Icon: ExclamationTriangleIcon, colour: "text-warn", word: "Warning" },
  loss: { Icon: XCircleIcon, colour: "text-loss", word: "Failed" },
  neutral: { Icon: InformationCircleIcon, colour: "text-muted", word: "Note" },
};

/** Messages about what was started, read out politely. */
export function Toaster() {
  const toasts = useToasts();
  return (
    <div aria-live="polite" role="status" aria-label="Messages" className="pointer-events-none fixed inset-x-3 bottom-18 z-50 flex flex-col items-end gap-2 sm:bottom-4">
      {toasts.map(({ id, tone, title, detail }) => {
        const { Icon, colour, word } = LOOKS[tone];
        return (
          <div key={id} className="pointer-events-auto flex w-full max-w-sm animate-enter items-start gap-2.5 rounded-xl border bg-raised py-2 pr-1.5 pl-3.5 shadow-xl">
            <Icon aria-hidden className={clsx("mt-1.5 size-5 shrink-0", colour)} />
            <div className="min-w-0 flex-1 py-1.5">
              <p className="text-[0.8125rem] font-semibold"><span className="sr-only">{word}: </span>{title}</p>
              {detail && <p className="mt-0.5 text-xs break-words text-muted">{detail}</p>}
            </div>
            <IconButton label={`Close: ${title}`} onClick={() => dismissToast(id)}>
              <XMarkIcon aria-hidden className="size-4" />
            </IconButton>
          </div>
        );
      })}
    </div>
  );
}
