import { BoltSlashIcon, CheckCircleIcon, ClockIcon, ExclamationTriangleIcon, NoSymbolIcon, PauseCircleIcon, QuestionMarkCircleIcon, SignalIcon } from "@heroicons/react/16/solid";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { memo, useMemo } from "react";

import { Age } from "@/components/live/age";
import { Badge, type Tone } from "@/components/ui/badge";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { Term } from "@/components/ui/term";
import { formatCount, plural } from "@/lib/format";
import { venueName, type Desk } from "@/lib/instruments";
import { useAim, useArrangement, useLiveRow } from "@/lib/live/use-live";

import { venuesOptions } from "../api/get-desk";
import type { VenueHealth, VenueState } from "../api/venue";
import { venues } from "../hooks/desk";

const LOOKS: Record<VenueState, { label: string; tone: Tone; Icon: typeof ClockIcon; meaning: string }> = {
  live: { label: "Live", tone: "gain", Icon: CheckCircleIcon, meaning: "Quotes arrive and are used" },
  connecting: { label: "Connecting", tone: "warn", Icon: SignalIcon, meaning: "The connection is being made" },
  syncing: { label: "Syncing", tone: "warn", Icon: ClockIcon, meaning: "Connected; its books are being made whole before they are compared" },
  stale: { label: "Stale", tone: "loss", Icon: ClockIcon, meaning: "Connected, but its quotes are too old; they are not used" },
  down: { label: "Down", tone: "loss", Icon: ExclamationTriangleIcon, meaning: "Does not answer" },
  unknown: { label: "Unknown", tone: "warn", Icon: QuestionMarkCircleIcon, meaning: "The store of the states does not answer" },
  disabled: { label: "Off", tone: "neutral", Icon: PauseCircleIcon, meaning: "Switched off" },
  gated: { label: "Gated", tone: "warn", Icon: NoSymbolIcon, meaning: "Outside the allowed regions or currencies; its quotes are never used" },
};
const BREAKERS = { closed: null, half_open: "Breaker: being tried again", open: "Breaker open: left alone for now" } as const;

function Counts({ venue }: { venue: VenueHealth }) {
  const shown = (["reconnects", "errors", "invalid", "dropped"] as const).filter((key) => venue[key] > 0);
  if (shown.length === 0) return null;
  return <span className="num text-2xs text-muted">{shown.map((key) => (key === "invalid" || key === "dropped" ? `${formatCount(venue[key])} ${key}` : plural(venue[key], key.slice(0, -1)))).join(", ")}</span>;
}

function Trouble({ venue }: { venue: VenueHealth }) {
  const breaker = BREAKERS[venue.breaker];
  const error = venue.state === "live" ? "" : venue.lastError;
  if (!venue.gatedReason && !breaker && !error) return null;
  return (
    <p className="mt-1 text-2xs break-words text-muted">
      {breaker && <span className="mr-1.5 inline-flex items-center gap-1 font-medium text-loss"><BoltSlashIcon aria-hidden className="size-3" />{breaker}.</span>}
      {venue.gatedReason && <span className="mr-1.5 text-warn">{venue.gatedReason}</span>}
      {error}
    </p>
  );
}

const VenueRow = memo(function VenueRow({ code }: { code: string }) {
  const venue = useLiveRow(venues, code);
  if (!venue) return null;
  const { label, tone, Icon, meaning } = LOOKS[venue.state];
  return (
    <li className="border-b px-4 py-2 last:border-0 sm:px-5">
      <div className="flex items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-[0.8125rem] font-medium">{venue.name || venueName(venue.code)}</span>
          <Counts venue={venue} />
        </span>
        <span className="num text-right text-2xs text-muted">
          <span className="block" title="How long its last answer took">{venue.latencyMs === null ? "–" : `${formatCount(Math.round(venue.latencyMs))} ms`}</span>
          <span className="block" title="Since its last message"><Age at={venue.lastQuoteAt} limit={venue.state === "live" ? 30_000 : undefined} /></span>
        </span>
        <Badge tone={tone} title={meaning} className="w-24 justify-center"><Icon aria-hidden className="size-3.5" />{label}</Badge>
      </div>
      <Trouble venue={venue} />
    </li>
  );
});

const isApart = ({ state }: VenueHealth) => state === "disabled" || state === "gated";

/** How each venue is doing: troubled ones stay where they are, so that an eye finds them again. */
export function VenuesPanel({ desk }: { desk: Desk | undefined }) {
  const query = useQuery(venuesOptions());
  const { isAiming, aim } = useAim();
  const rules = useMemo(
    () => ({
      accept: (venue: VenueHealth) => desk === undefined || venue.desk === desk,
      compare: (a: VenueHealth, b: VenueHealth) =>
        a.desk.localeCompare(b.desk) || Number(isApart(a)) - Number(isApart(b)) || a.code.localeCompare(b.code),
    }),
    [desk],
  );
  const { keys } = useArrangement(venues, rules, isAiming);
  return (
    <Section title="Venues" note="State, latency and age of the last message." actions={<Term id="gated" className="-my-3 inline-flex min-h-11 items-center text-2xs sm:my-0 sm:min-h-0" />} bodyClass="border-t">
      <QueryState query={query} skeleton={<div className="space-y-2 p-4">{Array.from({ length: 5 }, (_, index) => <Skeleton key={index} className="h-9" />)}</div>}>
        {() =>
          keys.length === 0
            ? <EmptyState title="No venue"><>Name some as <code>MKT_&lt;ID&gt;_*</code> or <code>&lt;EXCHANGE&gt;_ENABLED</code>, or in the admin. Card markets are under <Link to="/markets" className="text-accent underline">Markets</Link>.</></EmptyState>
            : <ul aria-label="Venues" className="max-h-144 overflow-y-auto contain-content" tabIndex={0} {...aim}>{keys.map((code) => <VenueRow key={code} code={code} />)}</ul>
        }
      </QueryState>
    </Section>
  );
}
