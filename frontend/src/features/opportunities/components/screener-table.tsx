import { ChevronDownIcon, ChevronUpIcon } from "@heroicons/react/16/solid";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { memo } from "react";

import type { Opportunity } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ProductTile } from "@/components/ui/product-tile";

import { sortDirection, type Ordering, type Sortable } from "../hooks/screener-search";
import type { StableRow } from "../hooks/use-stable-rows";
import type { ScreenerColumn } from "./columns";

interface HeaderProps {
  column: ScreenerColumn;
  ordering: Ordering | undefined;
  onSort: (field: Sortable) => void;
}

function HeaderCell({ column, ordering, onSort }: HeaderProps) {
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

function ProductCell({ opportunity, isCompact }: { opportunity: Opportunity; isCompact: boolean }) {
  const { sealed_product: product } = opportunity;
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      {!isCompact && <ProductTile setCode={product.set_code} category={product.category} />}
      <div className="min-w-0">
        <Link
          to="/opportunities/$id"
          params={{ id: opportunity.id }}
          title={[product.name, product.set_name].filter(Boolean).join(", ")}
          className={clsx("font-medium hover:text-accent hover:underline", isCompact ? "block truncate" : "line-clamp-2 leading-4.5")}
        >
          {product.is_demo && <Badge tone="accent" className="mr-1.5 !py-0">demo</Badge>}
          {product.name}
        </Link>
      </div>
    </div>
  );
}

interface RowProps {
  row: StableRow;
  columns: readonly ScreenerColumn[];
  isCompact: boolean;
  isInspected: boolean;
  onInspect: (id: string) => void;
}

const Row = memo(function Row({ row, columns, isCompact, isInspected, onInspect }: RowProps) {
  const { opportunity, hasChanged, isGone } = row;
  const surface = isInspected ? "bg-accent-soft" : "bg-surface group-hover:bg-sunken";
  return (
    <tr
      id={`row-${opportunity.id}`}
      tabIndex={-1}
      aria-selected={isInspected}
      onClick={(event) => !(event.target as HTMLElement).closest("a, button") && onInspect(opportunity.id)}
      className={clsx("group cursor-pointer outline-offset-[-2px]", isGone && "opacity-50")}
    >
      <th scope="row" className={clsx("sticky left-0 z-10 max-w-0 min-w-48 border-b px-3 text-left font-normal", surface, isCompact ? "py-1" : "py-1.5")}>
        <ProductCell opportunity={opportunity} isCompact={isCompact} />
      </th>
      {columns.map((column) => (
        <td
          key={hasChanged ? `${column.key} ${opportunity.updated_at}` : column.key}
          className={clsx(
            "border-b px-1.5 whitespace-nowrap last:pr-3",
            surface,
            isCompact ? "py-1" : "py-1.5",
            column.alignRight && "text-right",
            hasChanged && "animate-flash",
          )}
        >
          {column.cell(opportunity)}
        </td>
      ))}
    </tr>
  );
});

interface ScreenerTableProps {
  rows: readonly StableRow[];
  columns: readonly ScreenerColumn[];
  ordering: Ordering | undefined;
  isCompact: boolean;
  isPending: boolean;
  inspected: string | undefined;
  onSort: (field: Sortable) => void;
  onInspect: (id: string) => void;
}

export function ScreenerTable({ rows, columns, ordering, isCompact, isPending, inspected, onSort, onInspect }: ScreenerTableProps) {
  return (
    <table aria-label="Opportunities" aria-busy={isPending} className={clsx("w-full border-separate border-spacing-0 text-[0.8125rem]", isPending && "opacity-60")}>
      <thead className="sticky top-0 z-20 text-xs text-muted [&_th]:border-b [&_th]:bg-sunken">
        <tr>
          <th scope="col" className="sticky left-0 z-10 w-full min-w-48 px-3 py-2 text-left font-medium">Product</th>
          {columns.map((column) => (
            <HeaderCell key={column.key} column={column} ordering={ordering} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.opportunity.id}
            row={row}
            columns={columns}
            isCompact={isCompact}
            isInspected={row.opportunity.id === inspected}
            onInspect={onInspect}
          />
        ))}
      </tbody>
    </table>
  );
}
