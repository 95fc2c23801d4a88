import clsx from "clsx";
import { memo, useEffect, useRef } from "react";

import type { Opportunity } from "@/api/types";

import type { Ordering, Sortable } from "../hooks/screener-search";
import type { Selection } from "../hooks/use-selection";
import type { StableRow } from "../hooks/use-stable-rows";
import type { ScreenerColumn } from "./columns";
import { HeaderCell } from "./header-cell";
import { ProductCell } from "./product-cell";

/** A tick box with room around it. */
function Tick({ label, isOn, isPartly = false, onChange }: { label: string; isOn: boolean; isPartly?: boolean; onChange: () => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isPartly;
  }, [isPartly]);
  return (
    <label className="-my-1 -ml-1 grid size-7 shrink-0 place-items-center">
      <input ref={box} type="checkbox" aria-label={label} checked={isOn} onChange={onChange} className="size-4 accent-accent-solid" />
    </label>
  );
}

function hasMoved(column: ScreenerColumn, now: Opportunity, before: Opportunity | undefined): boolean {
  return before !== undefined && column.fact !== undefined && column.fact(now) !== column.fact(before);
}

interface RowProps {
  row: StableRow;
  columns: readonly ScreenerColumn[];
  isCompact: boolean;
  isInspected: boolean;
  isMarked: boolean;
  isAnonymous: boolean;
  onMark: (id: string) => void;
}

const Row = memo(function Row({ row, columns, isCompact, isInspected, isMarked, isAnonymous, onMark }: RowProps) {
  const { opportunity, previous, isGone } = row;
  const surface = isInspected || isMarked ? "bg-accent-soft" : "bg-surface group-hover:bg-sunken";
  const space = isCompact ? "py-1" : "py-1.5";
  return (
    <tr
      id={`row-${opportunity.id}`}
      tabIndex={-1}
      aria-selected={isInspected}
      className={clsx("group cursor-pointer outline-offset-[-2px]", isGone && "opacity-50")}
    >
      <th scope="row" className={clsx("sticky left-0 z-10 max-w-0 min-w-72 border-b px-3 text-left font-normal", surface, space)}>
        <div className="flex items-center gap-1.5">
          {!isAnonymous && <Tick label={`Select ${opportunity.sealed_product.name}`} isOn={isMarked} onChange={() => onMark(opportunity.id)} />}
          <ProductCell opportunity={opportunity} isCompact={isCompact} isGone={isGone} isAnonymous={isAnonymous} withFlags={!columns.some((column) => column.key === "flags")} />
        </div>
      </th>
      {columns.map((column) => {
        const isNew = hasMoved(column, opportunity, previous);
        return (
          <td
            key={isNew ? `${column.key} ${opportunity.updated_at}` : column.key}
            className={clsx("border-b px-1.5 whitespace-nowrap last:pr-3", surface, space, column.alignRight && "text-right", isNew && "animate-flash")}
          >
            {column.cell(opportunity)}
          </td>
        );
      })}
    </tr>
  );
});

interface ScreenerTableProps {
  rows: readonly StableRow[];
  columns: readonly ScreenerColumn[];
  ordering: Ordering | undefined;
  isCompact: boolean;
  isPending: boolean;
  isAnonymous: boolean;
  inspected: string | undefined;
  selection: Selection;
  onSort: (field: Sortable) => void;
  onInspect: (id: string) => void;
}

export function ScreenerTable({ rows, columns, ordering, isCompact, isPending, isAnonymous, inspected, selection, onSort, onInspect }: ScreenerTableProps) {
  const isAll = rows.length > 0 && rows.every((row) => selection.ids.has(row.opportunity.id));
  return (
    <table aria-label="Opportunities" aria-busy={isPending} className={clsx("w-full border-separate border-spacing-0 text-[0.8125rem]", isPending && "opacity-60")}>
      <thead className="sticky top-0 z-20 text-xs text-muted [&_th]:border-b [&_th]:bg-sunken">
        <tr>
          <th scope="col" className="sticky left-0 z-10 w-full min-w-72 px-3 py-2 text-left font-medium">
            <span className="flex items-center gap-1.5">
              {!isAnonymous && <Tick label="Select all on this page" isOn={isAll} isPartly={!isAll && selection.count > 0} onChange={() => selection.setPage(!isAll)} />}
              Product
            </span>
          </th>
          {columns.map((column) => <HeaderCell key={column.key} column={column} ordering={ordering} onSort={onSort} />)}
        </tr>
      </thead>
      <tbody
        onClick={({ target }) => {
          if (!(target instanceof Element) || target.closest("a, button, label")) return;
          const row = target.closest("tr")?.id.slice("row-".length);
          if (row) onInspect(row);
        }}
      >
        {rows.map((row) => (
          <Row
            key={row.opportunity.id}
            row={row}
            columns={columns}
            isCompact={isCompact}
            isInspected={row.opportunity.id === inspected}
            isMarked={selection.ids.has(row.opportunity.id)}
            isAnonymous={isAnonymous}
            onMark={selection.toggle}
          />
        ))}
      </tbody>
    </table>
  );
}
