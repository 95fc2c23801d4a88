import { PencilSquareIcon, PlusIcon, TrashIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { Moment } from "@/components/ui/freshness";
import { Margin, Money } from "@/components/ui/money";
import { RiskBadge } from "@/components/ui/risk-badge";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { Switch } from "@/components/ui/switch";
import { useNow } from "@/lib/clock";
import { plural } from "@/lib/format";

import { useDeleteRule, useRuleFields, useRulePreview, useRules, useRuleSwitch, useSnooze, type Rule, type RuleField } from "../api/rules";
import { sentenceOf } from "../hooks/rule-draft";
import { RuleEditor } from "./rule-editor";

const SNOOZES = [
  { minutes: 60, label: "1 hour" },
  { minutes: 480, label: "8 hours" },
  { minutes: 1440, label: "1 day" },
  { minutes: 10_080, label: "1 week" },
] as const;

function RulePreview({ id }: { id: string }) {
  const query = useRulePreview(id, true);
  return (
    <QueryState query={query} skeleton={<Skeleton className="h-8" />}>
      {({ matching, examples }) => (
        <div className="rounded-lg border bg-sunken/60 p-3 text-xs">
          <p className="font-medium">{matching === 0 ? "Nothing matches now." : `${plural(matching, "opportunity", "opportunities")} ${matching === 1 ? "matches" : "match"} now`}</p>
          <ul className="mt-1.5 space-y-1.5">
            {examples.map((row) => (
              <li key={row.id} className="flex flex-wrap items-center gap-x-3">
                <Link to="/opportunities/$id" params={{ id: row.id }} className="min-w-0 flex-1 basis-48 truncate text-accent hover:underline">{row.sealed_product.name}</Link>
                <Margin value={row.margin_percentage} />
                <Money amount={row.net_profit} currency={row.currency} signed />
                <RiskBadge level={row.risk_level} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </QueryState>
  );
}

function useIsSnoozed({ snoozed_until: until }: Rule): boolean {
  const now = useNow();
  return until !== null && Date.parse(until) > now;
}

function Snooze({ rule }: { rule: Rule }) {
  const snooze = useSnooze();
  const isSnoozed = useIsSnoozed(rule);
  if (isSnoozed) return <Button className="w-24" disabled={snooze.isPending} aria-label={`Wake ${rule.name}`} onClick={() => snooze.mutate({ id: rule.id, minutes: 0 })}>Wake</Button>;
  return (
    <select className="field w-24" aria-label={`Snooze ${rule.name}`} value="" disabled={snooze.isPending} onChange={(event) => snooze.mutate({ id: rule.id, minutes: Number(event.target.value) })}>
      <option value="" disabled>Snooze</option>
      {SNOOZES.map(({ minutes, label }) => <option key={minutes} value={minutes}>{label}</option>)}
    </select>
  );
}

function RuleRow({ rule, fields, onEdit, onDelete }: { rule: Rule; fields: readonly RuleField[]; onEdit: () => void; onDelete: () => void }) {
  const [isPreviewed, setPreviewed] = useState(false);
  const toggle = useRuleSwitch();
  const isSnoozed = useIsSnoozed(rule);
  return (
    <li className="space-y-2.5 px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <Switch label={`${rule.is_enabled ? "Switch off" : "Switch on"}: ${rule.name}`} checked={rule.is_enabled} disabled={toggle.isPending} onChange={(is_enabled) => toggle.mutate({ id: rule.id, is_enabled })} />
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-medium">
            {rule.name}
            {!rule.is_enabled && <Badge>Off</Badge>}
            {isSnoozed && <Badge tone="warn">Silent, <Moment at={rule.snoozed_until} /></Badge>}
            {rule.scope === "watchlist" && <Badge tone="accent">Watchlist</Badge>}
          </p>
          <p className="mt-0.5 text-xs text-muted">{rule.conditions.map((condition) => sentenceOf(condition, fields)).join(" and ")}</p>
          <p className="mt-0.5 text-2xs text-muted">
            {rule.fired_count === 0 ? "has not fired yet" : <>fired {plural(rule.fired_count, "time")}, last <Moment at={rule.last_fired_at} /></>}
            {" · "}{rule.channels.length === 0 ? "bell only" : `bell and ${plural(rule.channels.length, "channel")}`}
            {rule.quiet_from && ` · quiet ${rule.quiet_from} to ${rule.quiet_until}`}
          </p>
        </div>
        <div className="ml-auto flex items-center gap-1.5">
          <Button aria-expanded={isPreviewed} onClick={() => setPreviewed(!isPreviewed)}>Preview</Button>
          <Snooze rule={rule} />
          <IconButton label={`Change ${rule.name}`} onClick={onEdit}><PencilSquareIcon aria-hidden className="size-4" /></IconButton>
          <IconButton label={`Delete ${rule.name}`} onClick={onDelete}><TrashIcon aria-hidden className="size-4" /></IconButton>
        </div>
      </div>
      {isPreviewed && <RulePreview id={rule.id} />}
    </li>
  );
}

/** When somebody wants to be told: their rules, each with what it matches now. */
export function RulesPanel({ timeZone }: { timeZone: string }) {
  const query = useRules();
  const { data: fields = [] } = useRuleFields();
  const remove = useDeleteRule();
  const [edited, setEdited] = useState<Rule | "new" | null>(null);
  const [leaving, setLeaving] = useState<Rule | null>(null);
  const add = <Button look="solid" disabled={fields.length === 0} onClick={() => setEdited("new")}><PlusIcon aria-hidden className="size-4" />New rule</Button>;
  return (
    <Section title="Rules" note="Looked at whenever an opportunity appears or its figures change." bodyClass="" actions={add}>
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4"><Skeleton className="h-14" /><Skeleton className="h-14" /></div>}
        empty={(rules) => rules.length === 0 && <EmptyState title="No rules yet">For example: margin of at least 30 % and risk low or medium, on your watchlist.</EmptyState>}
      >
        {(rules) => <ul className="divide-y border-t">{rules.map((rule) => <RuleRow key={rule.id} rule={rule} fields={fields} onEdit={() => setEdited(rule)} onDelete={() => setLeaving(rule)} />)}</ul>}
      </QueryState>
      {edited && <RuleEditor rule={edited === "new" ? null : edited} fields={fields} timeZone={timeZone} onClose={() => setEdited(null)} />}
      {leaving && (
        <Confirm title={`Delete “${leaving.name}”?`} action="Delete" onConfirm={() => remove.mutateAsync(leaving.id)} onClose={() => setLeaving(null)}>
          <p>It fired {plural(leaving.fired_count, "time")}. To keep it for later, switch it off instead.</p>
        </Confirm>
      )}
    </Section>
  );
}
