import { HandRaisedIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { ChoiceField, FormError, InputField } from "@/components/ui/field";
import { Moment } from "@/components/ui/freshness";
import { Sheet } from "@/components/ui/sheet";
import { QueryState, Skeleton } from "@/components/ui/states";
import { Term } from "@/components/ui/term";
import { isDecimal } from "@/lib/decimal";
import { formatMoney } from "@/lib/format";
import { SOURCES, sourceName } from "@/lib/vocabulary";

import { useHalt, useLimitChange, useLimits, useRelease, type KillSwitch, type Limit } from "../api/safety";
import { useTradingStatus } from "../api/trading-status";

interface SafetySheetProps {
  username: string;
  /** Trader and above may halt, operator and above may release and change limits. */
  mayHalt: boolean;
  mayRelease: boolean;
  onClose: () => void;
}

const SCOPES = [
  { value: "global", label: "Everything" },
  { value: "source", label: "One source" },
  { value: "user", label: "One user" },
] as const satisfies readonly { value: KillSwitch["scope"]; label: string }[];

const PERIODS: Record<Limit["period"], string> = { open: "at stake at once", day: "per day" };

function HaltForm() {
  const [scope, setScope] = useState<KillSwitch["scope"]>("global");
  const [subject, setSubject] = useState("");
  const [reason, setReason] = useState("");
  const halt = useHalt();
  const refused = fieldErrorsOf(halt.error);
  const choose = (next: KillSwitch["scope"]) => {
    setScope(next);
    setSubject(next === "source" ? SOURCES[0].value : "");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    halt.mutate({ scope, reason: reason.trim(), ...(scope !== "global" && { subject }) }, { onSuccess: () => setReason("") });
  };
  return (
    <form onSubmit={submit} className="space-y-3 rounded-lg border p-3">
      <p className="text-xs text-muted">Takes effect at once: what is not yet booked is refused. One person engages the <Term id="kill_switch">kill switch</Term>, two release it.</p>
      <div className="grid grid-cols-2 gap-3">
        <ChoiceField label="Halt" value={scope} options={SCOPES} onChange={choose} />
        {scope === "source" && <ChoiceField label="Source" value={subject} options={SOURCES} onChange={setSubject} />}
        {scope === "user" && <InputField label="User name" value={subject} onChange={setSubject} required error={refused["subject"]} />}
      </div>
      <InputField label="Reason" value={reason} onChange={setReason} required maxLength={200} error={refused["reason"]} />
      <FormError>{halt.isError && Object.keys(refused).length === 0 && messageOf(halt.error)}</FormError>
      <Button type="submit" look="danger" disabled={halt.isPending || reason.trim() === "" || (scope !== "global" && subject.trim() === "")}><HandRaisedIcon aria-hidden className="size-4" />Halt executions</Button>
    </form>
  );
}

function SwitchRow({ item, username, mayRelease }: { item: KillSwitch; username: string; mayRelease: boolean }) {
  const release = useRelease();
  const isOwnRequest = item.release_asked_by === username;
  return (
    <li className="space-y-1.5 rounded-lg bg-loss-soft p-3 text-xs text-loss">
      <p className="font-semibold">{item.scope === "global" ? "Everything" : item.scope === "source" ? sourceName(item.subject) : item.subject} is halted: {item.reason}</p>
      <p>by {item.engaged_by ?? "somebody"}, <Moment at={item.engaged_at} />{item.release_asked_by && <>. {item.release_asked_by} asked for the release <Moment at={item.release_asked_at} />; somebody else must confirm it.</>}</p>
      {mayRelease && <Button disabled={release.isPending || isOwnRequest} onClick={() => release.mutate(item.id)}>{item.release_asked_by ? (isOwnRequest ? "Waits for a second person" : "Confirm the release") : "Ask for the release"}</Button>}
    </li>
  );
}

function LimitRow({ limit, mayChange }: { limit: Limit; mayChange: boolean }) {
  const [amount, setAmount] = useState<string | null>(null);
  const change = useLimitChange();
  const share = Number(limit.amount) > 0 ? Math.min(1, Number(limit.used) / Number(limit.amount)) : 1;
  const name = `${limit.subject ? sourceName(limit.subject) : limit.scope === "global" ? "Everything" : limit.scope === "user" ? "You" : "Each source"}, ${PERIODS[limit.period]}`;
  return (
    <li className="py-2.5 text-xs">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="font-medium">{name}{!limit.is_active && " (off)"}</span>
        <span className="num text-muted"><span className="text-ink">{formatMoney(limit.used, limit.currency)}</span> of {formatMoney(limit.amount, limit.currency)}</span>
      </div>
      <div role="meter" aria-label={`Used: ${name}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} className="mt-1 h-1.5 overflow-hidden rounded-full bg-line">
        <div className={share >= 0.9 ? "h-full bg-loss-strong" : share >= 0.7 ? "h-full bg-warn-strong" : "h-full bg-gain-strong"} style={{ width: `${share * 100}%` }} />
      </div>
      {mayChange && amount === null && <button type="button" className="mt-1 min-h-8 text-2xs text-accent underline" onClick={() => setAmount(limit.amount)}>Change<span className="sr-only"> the limit: {name}</span></button>}
      {amount !== null && (
        <form
          className="mt-2 flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate({ id: limit.id, amount: amount.trim() }, { onSuccess: () => setAmount(null) });
          }}
        >
          <InputField label={`New limit, ${limit.currency}`} inputMode="decimal" value={amount} onChange={setAmount} className="flex-1" autoFocus />
          <Button type="submit" disabled={change.isPending || !isDecimal(amount.trim())}>Save</Button>
          <Button onClick={() => setAmount(null)}>Cancel</Button>
        </form>
      )}
    </li>
  );
}

/** What keeps executions in bounds: kill switches and exposure limits. */
export default function SafetySheet({ username, mayHalt, mayRelease, onClose }: SafetySheetProps) {
  const status = useTradingStatus(true);
  const limits = useLimits();
  return (
    <Sheet title="Trading safety" isOpen onClose={onClose} side="right">
      <div className="space-y-5">
        <section aria-label="Kill switches" className="space-y-3">
          {status.data && status.data.switches.length === 0 && <p className="rounded-lg bg-gain-soft px-3 py-2 text-xs font-medium text-gain">Executions on paper are possible; nothing is halted.</p>}
          <ul className="space-y-2">{status.data?.switches.map((item) => <SwitchRow key={item.id} item={item} username={username} mayRelease={mayRelease} />)}</ul>
          {mayHalt && <HaltForm />}
        </section>
        <section aria-label="Limits">
          <h2 className="text-sm font-semibold">Exposure limits</h2>
          <p className="text-2xs text-muted">What may be at stake at once, and per day (UTC).</p>
          <QueryState query={limits} skeleton={<Skeleton className="mt-2 h-24" />} empty={(rows) => rows.length === 0 && <p className="py-3 text-xs text-muted">No limits are set.</p>}>
            {(rows) => <ul className="divide-y">{rows.map((limit) => <LimitRow key={limit.id} limit={limit} mayChange={mayRelease} />)}</ul>}
          </QueryState>
        </section>
        <p className="border-t pt-3 text-2xs text-muted">{status.data?.disclaimer.text}</p>
      </div>
    </Sheet>
  );
}
