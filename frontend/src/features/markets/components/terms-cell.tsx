import { ArrowTopRightOnSquareIcon } from "@heroicons/react/16/solid";

import type { SourceRoute } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatDate } from "@/lib/time";

import { reviewState, type ReviewState } from "../hooks/route-state";

const COLOURS: Record<ReviewState, string> = { ok: "text-muted", soon: "text-warn", overdue: "text-loss", none: "text-warn" };

function reviewText(state: ReviewState, due: string | null): string {
  if (state === "none") return "Terms not reviewed";
  if (state === "overdue") return `Review was due on ${formatDate(due)}`;
  return `${state === "soon" ? "Review soon, by" : "Reviewed, next by"} ${formatDate(due)}`;
}

/** What the venue's terms allow, when that was last looked at, and whether robots.txt rules the route. */
export function TermsCell({ route }: { route: SourceRoute }) {
  const now = useNow();
  const state = reviewState(route, now);
  return (
    <div className="min-w-0 text-xs">
      <p className={COLOURS[state]}>{reviewText(state, route.review_due_on)}</p>
      <p className="mt-0.5 line-clamp-2 text-2xs text-muted" title={route.allowed_use}>{route.allowed_use}</p>
      <p className="mt-0.5 flex flex-wrap gap-x-3 text-2xs text-muted">
        <span>{route.robots_policy === "obey" ? "Obeys robots.txt" : "Published for programs"}</span>
        {route.terms_url && (
          <a href={route.terms_url} target="_blank" rel="noreferrer" className="inline-flex items-center gap-0.5 text-accent hover:underline max-sm:min-h-11">
            Terms<ArrowTopRightOnSquareIcon aria-hidden className="size-3" /><span className="sr-only">, opens a new tab</span>
          </a>
        )}
      </p>
    </div>
  );
}
