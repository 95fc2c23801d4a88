import { ArrowPathIcon, ExclamationCircleIcon } from "@heroicons/react/20/solid";
import type { UseQueryResult } from "@tanstack/react-query";
import clsx from "clsx";
import type { ReactNode } from "react";

import { ProblemError, needsLogin } from "@/api/problem";
import { useNow } from "@/lib/clock";
import { formatDuration } from "@/lib/time";

import { Button, buttonClass } from "./button";

/** A grey shape that stands for content on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx("animate-pulse rounded-md bg-line/70", className)} />;
}

interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <p className="text-sm font-semibold">{title}</p>
      {children && <div className="max-w-md text-[0.8125rem] text-muted">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

function describe(error: unknown): { title: string; detail: string; requestId: string | null; more: string[] } {
  if (error instanceof ProblemError) {
    const more = error.errors.map((item) => [item.pointer?.replace(/^[#/]+/, ""), item.detail].filter(Boolean).join(": "));
    return { title: error.title, detail: error.detail, requestId: error.requestId, more };
  }
  return { title: "Something went wrong", detail: error instanceof Error ? error.message : "", requestId: null, more: [] };
}

/** A failed panel: what happened, the request's id for support, and the way on. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, detail, requestId, more } = describe(error);
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <ExclamationCircleIcon aria-hidden className="size-7 text-loss" />
      <p className="text-sm font-semibold">{title}</p>
      {detail && detail !== title && <p className="max-w-md text-[0.8125rem] text-muted">{detail}</p>}
      {more.map((line) => (
        <p key={line} className="text-[0.8125rem] text-muted">{line}</p>
      ))}
      {requestId && (
        <p className="text-2xs text-muted">
          Request id <code className="select-all">{requestId}</code>
        </p>
      )}
      <div className="mt-2 flex gap-2">
        {needsLogin(error) && (
          <a className={buttonClass("solid")} href={`/app/login?next=${encodeURIComponent(here)}`}>Log in</a>
        )}
        {onRetry && (
          <Button onClick={onRetry}>
            <ArrowPathIcon aria-hidden className="size-4" />
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** Shown above data that could not be refreshed. */
export function StaleBanner({ since, onRetry }: { since: number; onRetry: () => void }) {
  const now = useNow();
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-warn-soft px-3 py-1.5 text-xs text-warn">
      <ExclamationCircleIcon aria-hidden className="size-4 shrink-0" />
      <span>
        Could not refresh. You see data loaded {formatDuration(now - since)} {now - since < 60_000 ? "" : "ago"}.
      </span>
      <button type="button" className="ml-auto min-h-8 font-semibold underline" onClick={onRetry}>Try again</button>
    </div>
  );
}

interface QueryStateProps<T> {
  query: UseQueryResult<T>;
  skeleton: ReactNode;
  /** Shown instead of the children when it says so. */
  empty?: (data: T) => ReactNode;
  children: (data: T) => ReactNode;
}

/** The four states of a panel: loading, failed, empty, shown (with a banner when it could not be refreshed). */
export function QueryState<T>({ query, skeleton, empty, children }: QueryStateProps<T>) {
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return (
      <div role="status" aria-label="Loading">
        {skeleton}
      </div>
    );
  }
  const emptied = empty?.(query.data);
  return (
    <>
      {query.isError && (
        <div className="p-2">
          <StaleBanner since={query.dataUpdatedAt} onRetry={() => void query.refetch()} />
        </div>
      )}
      {emptied || children(query.data)}
    </>
  );
}
