import { ChevronLeftIcon, ChevronRightIcon } from "@heroicons/react/20/solid";

import { ProblemError } from "@/api/problem";
import { formatCount } from "@/lib/format";

import { Button, IconButton } from "./button";
import { EmptyState } from "./states";

/** For a page number that a shrunken list no longer has. */
export function isPastTheEnd(error: unknown, page: number | undefined): boolean {
  return page !== undefined && error instanceof ProblemError && error.status === 404;
}

export function PastTheEnd({ onFirst }: { onFirst: () => void }) {
  return (
    <EmptyState title="The list has fewer pages now" action={<Button onClick={onFirst}>Go to the first page</Button>}>
      Some rows have left it since the link was made.
    </EmptyState>
  );
}

interface PaginationProps {
  page: number;
  pageSize: number;
  count: number;
  sizes: readonly number[];
  onPage: (page: number) => void;
  onPageSize: (size: number) => void;
}

export function Pagination({ page, pageSize, count, sizes, onPage, onPageSize }: PaginationProps) {
  const last = Math.max(1, Math.ceil(count / pageSize));
  const from = count === 0 ? 0 : (page - 1) * pageSize + 1;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-3 px-3 py-2 text-xs text-muted">
      <span className="num" aria-live="polite">
        {formatCount(from)}–{formatCount(Math.min(count, page * pageSize))} of {formatCount(count)}
      </span>
      <label className="ml-auto flex items-center gap-2">
        <span className="max-sm:sr-only">Rows</span>
        <select className="field" value={pageSize} onChange={(event) => onPageSize(Number(event.target.value))}>
          {sizes.map((size) => (
            <option key={size} value={size}>{size}</option>
          ))}
        </select>
      </label>
      <div className="flex items-center gap-1">
        <IconButton label="Previous page" look="outline" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <ChevronLeftIcon aria-hidden className="size-4" />
        </IconButton>
        <span className="num px-1">{formatCount(page)} / {formatCount(last)}</span>
        <IconButton label="Next page" look="outline" disabled={page >= last} onClick={() => onPage(page + 1)}>
          <ChevronRightIcon aria-hidden className="size-4" />
        </IconButton>
      </div>
    </nav>
  );
}
