import clsx from "clsx";

import type { Spread } from "../api/spread";
import { orderRows } from "../hooks/order-rows";

interface OrderTableProps {
  seen: Spread;
  now: Spread;
  inputs: unknown;
}

/** Prices of both legs, what they cost, and what is left: as shown in the row, and now. */
export function OrderTable({ seen, now, inputs }: OrderTableProps) {
  return (
    <table aria-label="Figures shown and now" className="w-full text-[0.8125rem]">
      <thead className="text-2xs text-muted">
        <tr><th scope="col" className="py-1 text-left font-medium">Per unit</th><th scope="col" className="py-1 text-right font-medium">shown</th><th scope="col" className="py-1 text-right font-medium">now</th></tr>
      </thead>
      <tbody className="num">
        {orderRows(seen, now, inputs).map(({ label, note, seen: before, now: after, moved, isTotal }) => (
          <tr key={label} className={clsx("border-t border-line/60", isTotal ? "font-semibold" : "[&_th]:font-normal")}>
            <th scope="row" className="py-1 text-left">{label}{note && <span className="ml-1.5 text-2xs font-normal text-muted">{note}</span>}</th>
            <td className="py-1 text-right whitespace-nowrap text-muted">{before}</td>
            <td className={clsx("py-1 text-right whitespace-nowrap", moved === "worse" && "text-loss", moved === "better" && "text-gain")}>
              {after}
              {moved && <span className="sr-only">, {moved} than shown</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
