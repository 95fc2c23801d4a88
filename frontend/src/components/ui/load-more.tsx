import { Button } from "./button";

interface LoadMoreProps {
  shown: number;
  what: string;
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** The foot of a list without a total: how many rows are shown, and the way to older ones. */
export function LoadMore({ shown, what, hasMore, isLoading, onMore }: LoadMoreProps) {
  return (
    <div className="flex items-center justify-between gap-3 border-t px-4 py-2 text-xs text-muted">
      <span className="num" aria-live="polite">{shown} {what} shown{hasMore ? "" : ", no older ones"}</span>
      {hasMore && <Button disabled={isLoading} onClick={onMore}>{isLoading ? "Loading" : "Load older"}</Button>}
    </div>
  );
}
