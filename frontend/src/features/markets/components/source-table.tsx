import type { ReactNode } from "react";

import type { Source } from "@/api/types";
import { useMedia, WIDE } from "@/lib/media";

import { HostsCell, LastSuccessCell, RouteNameCell, RouteStateCell } from "./route-cells";
import { SourceSummary } from "./source-summary";
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
          <div className="flex items-center justify-between gap-4">
            <SourceSummary source={source} />
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
  return (
    <section aria-label={source.name} className="card min-w-0">
      <header className="space-y-3 border-b bg-sunken/60 p-3.5">
        <SourceSummary source={source} />
        {action}
      </header>
      <ol>
        {source.routes.map((route, index) => (
          <li key={route.code} className="space-y-2.5 border-b border-line/60 p-3.5 last:border-0">
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
