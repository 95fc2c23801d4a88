import clsx from "clsx";
import { memo } from "react";

import { Age } from "@/components/live/age";
import { Term } from "@/components/ui/term";
import { useLiveRow } from "@/lib/live/use-live";

import type { Spread } from "../api/spread";
import type { DeskActing } from "../hooks/acting";
import { spreads } from "../hooks/desk";
import { EndedBadge, ExecuteButton, NetCell, ProfitCell, RouteCell, SpreadFlags, TotalCell, useSpreadState } from "./spread-cells";

export interface SpreadListProps {
  keys: readonly string[];
  acting: DeskActing;
  onExecute: (spread: Spread) => void;
}

type ItemProps = Omit<SpreadListProps, "keys">;
const CELL = "border-b px-2 py-1.5 align-middle";

function RowContent({ spread, acting, onExecute }: ItemProps & { spread: Spread }) {
  const state = useSpreadState(spread);
  const dim = state === "open" ? undefined : "opacity-55 grayscale";
  return (
    <tr id={`row-${spread.id}`} tabIndex={-1} className="hover:bg-sunken focus-visible:bg-sunken">
      <th scope="row" className="border-b py-1.5 pr-2 pl-4 text-left font-normal">
        <span className={clsx("flex items-center gap-2", dim)}>
          <RouteCell spread={spread} />
          <SpreadFlags flags={spread.flags} isShort isAside />
        </span>
      </th>
      <td className={CELL}><div className={dim}><NetCell spread={spread} /></div></td>
      <td className={CELL}><div className={dim}><ProfitCell spread={spread} /></div></td>
      <td className={CELL}><div className={dim}><TotalCell spread={spread} /></div></td>
      <td className={clsx(CELL, "text-xs")}>
        <span className="flex items-center gap-1.5">
          <Age at={spread.seenAt} className="shrink-0" />
          {state !== "open" && <EndedBadge spread={spread} state={state} />}
        </span>
      </td>
      <td className={clsx(CELL, "pr-4 text-right")}><ExecuteButton spread={spread} acting={acting} isStale={state === "stale"} onExecute={onExecute} /></td>
    </tr>
  );
}

const Row = memo(function Row({ id, ...rest }: ItemProps & { id: string }) {
  const spread = useLiveRow(spreads, id);
  return spread ? <RowContent spread={spread} {...rest} /> : null;
});

/** Open routes, one row each; only rows whose figures changed are drawn again. */
export function SpreadTable({ keys, ...rest }: SpreadListProps) {
  return (
    <div role="region" tabIndex={0} aria-label="Executable spreads, scrollable" className="max-h-[32rem] overflow-auto contain-content">
      <table aria-label="Executable spreads" className="w-full min-w-[48rem] table-fixed border-separate border-spacing-0 text-[0.8125rem]">
        <colgroup><col /><col className="w-29" /><col className="w-26" /><col className="w-31" /><col className="w-23" /><col className="w-29" /></colgroup>
        <thead className="sticky top-0 z-10 text-xs text-muted [&_th]:border-b [&_th]:bg-sunken [&_th]:py-2 [&_th]:font-medium">
          <tr>
            <th scope="col" className="pr-2 pl-4 text-left">Route</th>
            <th scope="col" className="px-2 text-right"><Term id="net_bps">Spread</Term></th>
            <th scope="col" className="px-2 text-right whitespace-nowrap"><Term id="loss_reserve">Net profit, each</Term></th>
            <th scope="col" className="px-2 text-right whitespace-nowrap"><Term id="spread_size">Net profit, all</Term></th>
            <th scope="col" className="px-2 text-left">Seen</th>
            <th scope="col" className="pr-4"><span className="sr-only">Execute</span></th>
          </tr>
        </thead>
        <tbody>{keys.map((id) => <Row key={id} id={id} {...rest} />)}</tbody>
      </table>
    </div>
  );
}

function CardContent({ spread, acting, onExecute }: ItemProps & { spread: Spread }) {
  const state = useSpreadState(spread);
  return (
    <li className="space-y-2.5 rounded-xl border p-3">
      <div className={clsx("space-y-2.5", state !== "open" && "opacity-55 grayscale")}>
        <div className="flex items-start justify-between gap-3">
          <RouteCell spread={spread} />
          <NetCell spread={spread} />
        </div>
        <div className="flex justify-between gap-3 text-sm">
          <span><span className="block text-2xs text-muted">Net profit, each</span><ProfitCell spread={spread} /></span>
          <span className="text-right"><span className="block text-2xs text-muted">Net profit, all</span><TotalCell spread={spread} /></span>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-1.5 text-xs text-muted">
        <span>seen <Age at={spread.seenAt} /></span>
        {state !== "open" && <EndedBadge spread={spread} state={state} />}
        <SpreadFlags flags={spread.flags} isShort />
      </div>
      <ExecuteButton spread={spread} acting={acting} isStale={state === "stale"} isWide onExecute={onExecute} />
    </li>
  );
}

const Card = memo(function Card({ id, ...rest }: ItemProps & { id: string }) {
  const spread = useLiveRow(spreads, id);
  return spread ? <CardContent spread={spread} {...rest} /> : null;
});

/** The same on a phone. */
export function SpreadCards({ keys, ...rest }: SpreadListProps) {
  return <ul aria-label="Executable spreads" className="grid gap-2.5 p-2.5">{keys.map((id) => <Card key={id} id={id} {...rest} />)}</ul>;
}
