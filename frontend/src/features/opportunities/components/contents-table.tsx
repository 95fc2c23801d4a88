import { ChevronDownIcon, ChevronUpIcon } from "@heroicons/react/16/solid";
import { flexRender, getCoreRowModel, getSortedRowModel, useReactTable, type Header, type RowData, type SortingState } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { useMemo, useRef, useState } from "react";

import type { ContentsLine } from "@/api/types";
import { PHONE, useMedia } from "@/lib/media";

import { contentsColumns } from "./contents-columns";

declare module "@tanstack/react-table" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the names must match the library's declaration
  interface ColumnMeta<TData extends RowData, TValue> {
    alignRight?: boolean;
  }
}

const ROW_HEIGHT = 45;
const VIRTUAL_FROM = 200;
const PHONE_COLUMNS = { price: false, gross_value: false, share: false, counted: false, recorded_at: false };
const DIRECTIONS = { asc: "ascending", desc: "descending" } as const;

function HeaderCell({ header }: { header: Header<ContentsLine, unknown> }) {
  const { column } = header;
  const direction = column.getIsSorted();
  const isRight = column.columnDef.meta?.alignRight;
  const Arrow = direction === "asc" ? ChevronUpIcon : ChevronDownIcon;
  return (
    <th scope="col" aria-sort={direction ? DIRECTIONS[direction] : "none"} className={clsx("border-b bg-sunken px-3 py-2 font-medium whitespace-nowrap", isRight ? "text-right" : "text-left")}>
      <button type="button" onClick={column.getToggleSortingHandler()} className={clsx("group inline-flex items-center gap-0.5 rounded align-top hover:text-ink", isRight && "flex-row-reverse")}>
        {flexRender(column.columnDef.header, header.getContext())}
        <Arrow aria-hidden className={clsx("size-4", !direction && "opacity-0 group-hover:opacity-60")} />
      </button>
    </th>
  );
}

function Spacer({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden><td style={{ height }} /></tr> : null;
}

/** The lines of a sealed product, sortable; only the rows in sight are drawn once there are many. */
export function ContentsTable({ lines, currency }: { lines: ContentsLine[]; currency: string }) {
  const [sorting, setSorting] = useState<SortingState>([{ id: "net_value", desc: true }]);
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMedia(PHONE);
  const columns = useMemo(() => contentsColumns(currency), [currency]);
  const table = useReactTable({
    data: lines,
    columns,
    state: { sorting, columnVisibility: isPhone ? PHONE_COLUMNS : {} },
    onSortingChange: setSorting,
    sortDescFirst: true,
    enableSortingRemoval: false,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const { rows } = table.getRowModel();
  const isVirtual = rows.length > VIRTUAL_FROM;
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 800, height: 560 },
  });
  const items = virtual.getVirtualItems();
  const shown = isVirtual ? items.flatMap((item) => rows[item.index] ?? []) : rows;
  const above = isVirtual ? (items[0]?.start ?? 0) : 0;
  const below = isVirtual ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  return (
    <div ref={scroller} tabIndex={0} role="region" aria-label="Contents, scrollable" className="max-h-[35rem] overflow-auto border-t">
      <table aria-label="Contents" aria-rowcount={rows.length + 1} className="w-full border-separate border-spacing-0 text-[0.8125rem]">
        <thead className="sticky top-0 z-10 text-xs text-muted">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>{group.headers.map((header) => <HeaderCell key={header.id} header={header} />)}</tr>
          ))}
        </thead>
        <tbody>
          <Spacer height={above} />
          {shown.map((row) => (
            <tr key={row.id} className={clsx("hover:bg-sunken", !row.original.counted && "text-muted")}>
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id} className={clsx("h-[45px] border-b px-3 whitespace-nowrap", cell.column.id === "name" && "max-w-44 sm:max-w-72", cell.column.columnDef.meta?.alignRight && "text-right")}>
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          ))}
          <Spacer height={below} />
        </tbody>
      </table>
    </div>
  );
}
