import { CheckIcon, XMarkIcon } from "@heroicons/react/16/solid";
import clsx from "clsx";

import { formatPercent } from "@/lib/format";

import type { Figures } from "../api/shapes";
import { figureRows, type FigureRow, type Limits } from "../hooks/figure-rows";

function Change({ row }: { row: FigureRow }) {
  if (row.change === null) return <span className="text-muted">{row.isBetter === undefined ? "same" : row.isBetter ? "better" : "worse"}</span>;
  return (
    <span className={clsx("num", row.isBetter ? "text-gain" : "text-loss")}>
      {formatPercent(row.change, 1, "always")}
      <span className="sr-only">, {row.isBetter ? "better" : "worse"}</span>
    </span>
  );
}

function Limit({ limit }: { limit: FigureRow["limit"] }) {
  if (!limit) return null;
  const Icon = limit.holds ? CheckIcon : XMarkIcon;
  return (
    <span className={clsx("inline-flex items-center gap-1 whitespace-nowrap", limit.holds ? "text-gain" : "text-loss")}>
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="max-sm:sr-only">{limit.text}</span>
      <span className="sr-only">{limit.holds ? ": holds" : ": does not hold"}</span>
    </span>
  );
}

interface FiguresTableProps {
  shown: Figures;
  fresh: Figures | null;
  currency: string;
  /** Say which limits hold. */
  limits?: Limits;
  caption: string;
}

/** Shown and now, per product, with what moved. */
export function FiguresTable({ shown, fresh, currency, limits, caption }: FiguresTableProps) {
  return (
    <table aria-label={caption} className="w-full text-[0.8125rem]">
      <thead className="text-2xs text-muted">
        <tr>
          <th scope="col" className="py-1 text-left font-medium">One product</th>
          <th scope="col" className="px-2 py-1 text-right font-medium">Shown</th>
          <th scope="col" className="px-2 py-1 text-right font-medium">Now</th>
          <th scope="col" className="px-2 py-1 text-right font-medium">Change</th>
          {limits && <th scope="col" className="py-1 pl-2 text-left font-medium max-sm:w-6"><span className="max-sm:sr-only">Limit</span></th>}
        </tr>
      </thead>
      <tbody>
        {figureRows(shown, fresh, currency, limits).map((row) => (
          <tr key={row.key} className={clsx("border-t", row.limit?.holds === false && limits && "bg-loss-soft")}>
            <th scope="row" className="py-1.5 pr-2 text-left font-normal">{row.label}</th>
            <td className="num px-2 py-1.5 text-right whitespace-nowrap text-muted">{row.shown}</td>
            <td className="num px-2 py-1.5 text-right font-semibold whitespace-nowrap">{row.now}</td>
            <td className="px-2 py-1.5 text-right text-xs whitespace-nowrap"><Change row={row} /></td>
            {limits && <td className="py-1.5 pl-2 text-xs"><Limit limit={row.limit} /></td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
