import { BoltSlashIcon, CheckIcon, QuestionMarkCircleIcon, SignalIcon } from "@heroicons/react/20/solid";

import { ProblemError } from "@/api/problem";
import type { Host } from "@/api/types";
import { Countdown } from "@/components/ui/countdown";
import { humanise, plural } from "@/lib/format";
import { showToast } from "@/lib/toasts";

import { useBreakerReset } from "../api/reset-breaker";

function ResetButton({ host }: { host: Host }) {
  const reset = useBreakerReset();
  const start = () =>
    reset.mutate(host.key, {
      onSuccess: () => showToast({ tone: "gain", title: `${host.key} is asked again` }),
      onError: (error) => showToast({ tone: "loss", title: `Could not reset ${host.key}`, detail: error instanceof ProblemError ? error.detail || error.title : error.message }),
    });
  return (
    <button type="button" disabled={reset.isPending} onClick={start} aria-label={`Reset ${host.key}`} className="min-h-11 px-1 font-semibold text-accent underline disabled:opacity-50 sm:min-h-6">
      Reset
    </button>
  );
}

/** A host and its breaker: asked normally, left alone until a moment, or being tried again. */
export function HostChip({ host, canReset }: { host: Host; canReset: boolean }) {
  if (host.breaker === "unknown") {
    return (
      <p className="flex flex-wrap items-center gap-1.5 text-xs text-muted">
        <QuestionMarkCircleIcon aria-hidden className="size-3.5 shrink-0" />
        <span className="min-w-0 break-all">{host.key}</span> state unknown
      </p>
    );
  }
  if (host.breaker === "closed") {
    return (
      <p className="flex items-center gap-1.5 text-xs text-muted">
        <CheckIcon aria-hidden className="size-3.5 shrink-0 text-gain" />
        <span className="min-w-0 break-all">{host.key}</span>
        {host.failures > 0 && <span className="num whitespace-nowrap">{plural(host.failures, "failure")}</span>}
      </p>
    );
  }
  const isOpen = host.breaker === "open";
  const Icon = isOpen ? BoltSlashIcon : SignalIcon;
  return (
    <div className="text-xs">
      <p className="flex items-center gap-1.5">
        <Icon aria-hidden className={isOpen ? "size-3.5 shrink-0 text-loss" : "size-3.5 shrink-0 text-warn"} />
        <span className="min-w-0 break-all">{host.key}</span>
      </p>
      <p className="flex flex-wrap items-center gap-x-1.5 pl-5 text-2xs text-muted">
        <span className={isOpen ? "font-medium text-loss" : "font-medium text-warn"}>
          {isOpen ? "left alone" : "being tried again"}
          {isOpen && host.opened_until && <> for <Countdown until={host.opened_until} /></>}
        </span>
        {host.last_failure && <span>{plural(host.failures, "failure")}: {humanise(host.last_failure).toLowerCase()}</span>}
        {canReset && isOpen && <ResetButton host={host} />}
      </p>
    </div>
  );
}
