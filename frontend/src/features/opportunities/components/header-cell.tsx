import { ChevronDownIcon, ChevronUpIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";

import { sortDirection, type Ordering, type Sortable } from "../hooks/screener-search";
import type { ScreenerColumn } from "./columns";

interface HeaderCellProps {
  column: ScreenerColumn;
  ordering: Ordering | undefined;
  onSort: (field: Sortable) => void;
}

/** The head of a column; one that can be sorted is a button and says how it is sorted. */
export function HeaderCell({ column, ordering, onSort }: HeaderCellProps) {
  const { sort } = column;
  const direction = sort ? sortDirection(ordering, sort) : undefined;
  const Arrow = direction === "ascending" ? ChevronUpIcon : ChevronDownIcon;
  const place = clsx("px-1.5 py-2 align-middle font-medium whitespace-nowrap", column.alignRight ? "text-right" : "text-left");
  if (!sort) return <th scope="col" title={column.meaning} className={place}>{column.name}</th>;
  return (
    <th scope="col" aria-sort={direction} className={place}>
      <button
        type="button"
        title={`${column.meaning}. Sort`}
        onClick={() => onSort(sort)}
        className={clsx(
          "group inline-flex items-center gap-0.5 rounded align-top hover:text-ink",
          direction !== "none" && "text-ink",
          column.alignRight && "flex-row-reverse",
        )}
      >
        {column.name}
        <Arrow aria-hidden className={clsx("size-4", direction === "none" && "opacity-0 group-hover:opacity-60")} />
      </button>
    </th>
  );
}
