import { ArrowsRightLeftIcon, CheckCircleIcon, XCircleIcon, XMarkIcon } from "@heroicons/react/20/solid";

import { messageOf } from "@/api/problem";
import { IconButton } from "@/components/ui/button";

import type { useRevalidate } from "../api/revalidate";
import type { Revalidation } from "../api/shapes";
import { FiguresTable } from "./figures-table";

const VERDICTS = {
  unchanged: { title: "Nothing moved: the figures hold at the prices of now", Icon: CheckCircleIcon, look: "text-gain" },
  moved: { title: "The figures moved", Icon: ArrowsRightLeftIcon, look: "text-warn" },
  gone: { title: "It is no opportunity any more at the prices of now", Icon: XCircleIcon, look: "text-loss" },
} as const;

function Verdict({ answer, currency }: { answer: Revalidation; currency: string }) {
  const { title, Icon, look } = VERDICTS[answer.status];
  return (
    <div className="min-w-0 flex-1">
      <p className={`flex items-center gap-2 text-[0.8125rem] font-semibold ${look}`}>
        <Icon aria-hidden className="size-5 shrink-0" />
        {title}
        <span className="num text-xs font-normal text-muted">checked {new Date(answer.checked_at).toLocaleTimeString("en-GB")}</span>
      </p>
      {answer.reasons.length > 0 && (
        <ul className="mt-1 list-disc pl-9 text-xs text-muted">
          {answer.reasons.map((reason) => <li key={reason.code}>{reason.detail}</li>)}
        </ul>
      )}
      {answer.status !== "unchanged" && (
        <div className="mt-2 max-w-2xl overflow-x-auto"><FiguresTable caption="Figures before and now" shown={answer.shown} fresh={answer.fresh} currency={currency} /></div>
      )}
    </div>
  );
}

interface RevalidationPanelProps {
  revalidation: ReturnType<typeof useRevalidate>;
  currency: string;
}

/** What the last check found, until it is closed. */
export function RevalidationPanel({ revalidation, currency }: RevalidationPanelProps) {
  const { data, error } = revalidation;
  if (!data && !error) return null;
  return (
    <div role="status" className="flex items-start gap-2 border-t px-4 py-3 sm:px-5">
      {data ? <Verdict answer={data} currency={currency} /> : <p className="flex-1 text-[0.8125rem] text-loss">Could not check: {messageOf(error)}</p>}
      <IconButton label="Close the check" onClick={revalidation.reset}><XMarkIcon aria-hidden className="size-4" /></IconButton>
    </div>
  );
}
