import { ChevronRightIcon } from "@heroicons/react/20/solid";
import type { ReactNode } from "react";

import type { Source } from "@/api/types";
import { plural } from "@/lib/format";
import { useMedia, WIDE } from "@/lib/media";

import { routeState, sourceState } from "../hooks/route-state";
import { HostsCell, LastSuccessCell, RouteNameCell, RouteStateCell } from "./route-cells";
import { SourceFigures, SourceName } from "./source-summary";
import { RouteStateBadge } from "./state-badge";
import { TermsCell } from "./terms-cell";

interface SourceListProps {
  sources: readonly Source[];
  canReset: boolean;
  /** The button that fetches a source now, for those who may. */
  sync: (source: Source) => ReactNode;
}

const HEADS = ["Route, in order", "State", "Last success", "Hosts", "Terms"] as const;

function TableBody({ source, canReset, action }: { source: Source; canReset: boolean; action: ReactNode }) {
  return (
    <tbody className="border-t first-of-type:border-t-0">
      <tr className="bg-sunken/60">
        <th scope="rowgroup" colSpan={HEADS.length} className="px-4 py-2.5 text-left">
          <div className="flex items-center gap-6">
            <div className="w-72"><SourceName source={source} /></div>
            <SourceFigures source={source} className="flex flex-1 flex-wrap items-start gap-x-6 gap-y-2" />
            {action}
          </div>
        </th>
      </tr>
      {source.routes.map((route, index) => (
        <tr key={route.code} className="border-t border-line/60 align-top">
          <td className="py-2.5 pr-2 pl-4"><RouteNameCell route={route} place={index + 1} /></td>
          <td className="px-2 py-2.5"><RouteStateCell route={route} /></td>
          <td className="px-2 py-2.5"><LastSuccessCell route={route} /></td>
          <td className="px-2 py-2.5"><HostsCell route={route} canReset={canReset} /></td>
          <td className="py-2.5 pr-4 pl-2"><TermsCell route={route} /></td>
        </tr>
      ))}
    </tbody>
  );
}

function SourceTable({ sources, canReset, sync }: SourceListProps) {
  return (
    <div className="card overflow-hidden">
      <table aria-label="Sources and their routes" className="w-full table-fixed">
        <colgroup>
          <col className="w-[15%]" />
          <col className="w-[24%]" />
          <col className="w-[9%]" />
          <col className="w-[24%]" />
          <col />
        </colgroup>
        <thead className="border-b text-left text-xs text-muted">
          <tr>{HEADS.map((head) => <th key={head} scope="col" className="px-2 py-2 font-medium first:pl-4 last:pr-4">{head}</th>)}</tr>
        </thead>
        {sources.map((source) => <TableBody key={source.code} source={source} canReset={canReset} action={sync(source)} />)}
      </table>
    </div>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[5.5rem_1fr] gap-x-3">
      <dt className="pt-0.5 text-2xs text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function SourceCard({ source, canReset, action }: { source: Source; canReset: boolean; action: ReactNode }) {
  const needsAttention = sourceState(source) === "failing";
  return (
    <section aria-label={source.name} className="card min-w-0">
      <header className="space-y-3 p-3.5">
        <div className="flex items-start justify-between gap-3">
          <SourceName source={source} />
          {action}
        </div>
        <SourceFigures source={source} className="grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-4" />
      </header>
      <details open={needsAttention} className="group border-t">
        <summary className="flex min-h-11 flex-wrap items-center gap-1.5 px-3.5 py-2 text-xs">
          <ChevronRightIcon aria-hidden className="size-4 text-muted transition-transform group-open:rotate-90" />
          <span className="mr-1">{plural(source.routes.length, "route")}</span>
          {source.routes.map((route) => <RouteStateBadge key={route.code} state={routeState(route)} />)}
        </summary>
        <ol>
          {source.routes.map((route, index) => (
            <li key={route.code} className="space-y-2.5 border-t border-line/60 p-3.5">
              <RouteNameCell route={route} place={index + 1} />
              <dl className="space-y-2">
                <Line label="State"><RouteStateCell route={route} /></Line>
                <Line label="Last success"><LastSuccessCell route={route} /></Line>
                <Line label="Hosts"><HostsCell route={route} canReset={canReset} /></Line>
                <Line label="Terms"><TermsCell route={route} /></Line>
              </dl>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

/** Every source with its routes in order: a table where there is room, cards where there is not. */
export function SourceList(props: SourceListProps) {
  const isWide = useMedia(WIDE);
  if (isWide) return <SourceTable {...props} />;
  const { sources, canReset, sync } = props;
  return (
    <div className="space-y-3">
      {sources.map((source) => <SourceCard key={source.code} source={source} canReset={canReset} action={sync(source)} />)}
    </div>
  );
}
