import { CheckIcon, MinusIcon } from "@heroicons/react/16/solid";
import { createColumnHelper, type SortingFn } from "@tanstack/react-table";
import { Link } from "@tanstack/react-router";

import type { ContentsLine } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Freshness } from "@/components/ui/freshness";
import { Money } from "@/components/ui/money";
import { compareDecimals, fillRatio } from "@/lib/decimal";
import { formatDecimal, formatFraction, humanise } from "@/lib/format";

/** "2×" for what is certainly inside; "1 in 26" or "2.5× on average" for what may be. */
export function copiesText(line: ContentsLine): string {
  if (line.guaranteed) return `${formatDecimal(line.expected_copies)}×`;
  const expected = Number(line.expected_copies);
  if (expected >= 1 || expected <= 0) return `${formatDecimal(line.expected_copies)}× on average`;
  const oneIn = 1 / expected;
  return `1 in ${oneIn < 10 ? oneIn.toFixed(1).replace(/\.0$/, "") : formatDecimal(String(Math.round(oneIn)), 0)}`;
}

/** Why a line adds nothing to the executable value. */
export function whyNotCounted(line: ContentsLine): string {
  return line.price === null ? "no usable price" : "not worth its fees";
}

const decimals: SortingFn<ContentsLine> = (a, b, column) =>
  compareDecimals(a.getValue<string | null>(column) ?? "-1", b.getValue<string | null>(column) ?? "-1");

const helper = createColumnHelper<ContentsLine>();

function CardName({ line }: { line: ContentsLine }) {
  return (
    <div className="min-w-0">
      {line.name ? (
        <Link to="/products/$id" params={{ id: line.product_id }} className="block truncate font-medium hover:text-accent hover:underline">
          {line.name}
        </Link>
      ) : (
        <span className="block text-muted italic">no longer in the catalogue</span>
      )}
      <span className="flex items-center gap-1.5 text-2xs text-muted">
        <span className="num uppercase">{[line.set_code, line.number].filter(Boolean).join(" ")}</span>
        {line.rarity && <span>{humanise(line.rarity)}</span>}
        {line.finish !== "nonfoil" && <Badge tone="accent" className="!py-0">{humanise(line.finish)}</Badge>}
      </span>
    </div>
  );
}

function Share({ share }: { share: string | null }) {
  return (
    <span className="flex items-center justify-end gap-2">
      <span aria-hidden className="h-1.5 w-12 overflow-hidden rounded-full bg-line max-md:hidden">
        <span className="block h-full bg-accent-solid" style={{ width: `${fillRatio(share ?? "0", "1") * 100}%` }} />
      </span>
      <span className="num w-12 text-right">{formatFraction(share)}</span>
    </span>
  );
}

export function contentsColumns(currency: string) {
  return [
    helper.accessor("name", { header: "Card", cell: ({ row }) => <CardName line={row.original} /> }),
    helper.accessor("expected_copies", {
      header: "Copies",
      sortingFn: decimals,
      meta: { alignRight: true },
      cell: ({ row }) => <span className="num">{copiesText(row.original)}</span>,
    }),
    helper.accessor("price", {
      header: "Price",
      sortingFn: decimals,
      meta: { alignRight: true },
      cell: ({ getValue }) => <Money amount={getValue()} currency={currency} />,
    }),
    helper.accessor("gross_value", {
      header: "Gross",
      sortingFn: decimals,
      meta: { alignRight: true },
      cell: ({ getValue }) => <Money amount={getValue()} currency={currency} />,
    }),
    helper.accessor("net_value", {
      header: "Net",
      sortingFn: decimals,
      meta: { alignRight: true },
      cell: ({ getValue }) => <Money amount={getValue()} currency={currency} className="font-medium" />,
    }),
    helper.accessor("share", {
      header: "Share",
      sortingFn: decimals,
      meta: { alignRight: true },
      cell: ({ getValue }) => <Share share={getValue()} />,
    }),
    helper.accessor("counted", {
      header: "Counted",
      cell: ({ row: { original: line } }) =>
        line.counted ? (
          <span className="inline-flex items-center gap-1 text-gain"><CheckIcon aria-hidden className="size-4" />yes</span>
        ) : (
          <span className="inline-flex items-center gap-1 text-muted"><MinusIcon aria-hidden className="size-4" />{whyNotCounted(line)}</span>
        ),
    }),
    helper.accessor("recorded_at", { header: "Age", cell: ({ getValue }) => <Freshness at={getValue()} /> }),
  ];
}
