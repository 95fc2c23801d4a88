import { KeyIcon, PlusIcon } from "@heroicons/react/20/solid";
import clsx from "clsx";
import { useState } from "react";

import type { Role } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { Clock, Moment } from "@/components/ui/freshness";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { useNow } from "@/lib/clock";

import { useApiKeys, useRevokeApiKey, type ApiKey } from "../api/api-keys";
import { NewKeySheet } from "./new-key-sheet";

function stateOf(key: ApiKey, now: number): { word: string; tone: "gain" | "neutral" | "warn" } {
  if (key.revoked_at) return { word: "Revoked", tone: "neutral" };
  if (key.expires_at && Date.parse(key.expires_at) <= now) return { word: "Expired", tone: "warn" };
  return { word: "Active", tone: "gain" };
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { word, tone } = stateOf(apiKey, useNow());
  return (
    <li className={clsx("flex flex-wrap items-center gap-x-6 gap-y-1.5 px-4 py-3 sm:px-5", word !== "Active" && "opacity-75")}>
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2 text-[0.8125rem] font-medium"><span className="truncate">{apiKey.name}</span><Badge tone={tone}>{word}</Badge></p>
        <p className="text-2xs text-muted"><code>arb_{apiKey.prefix}_…</code> · {apiKey.scopes.join(", ")}</p>
      </div>
      <dl className="grid grid-cols-[5rem_5rem_1fr] gap-x-4 text-2xs text-muted sm:grid-cols-[5.5rem_5.5rem_11rem]">
        <div><dt>Made</dt><dd className="text-xs text-ink"><Moment at={apiKey.created_at} /></dd></div>
        <div><dt>Last used</dt><dd className="text-xs text-ink">{apiKey.last_used_at ? <Moment at={apiKey.last_used_at} /> : "never"}</dd></div>
        <div><dt>Expires</dt><dd className="text-xs text-ink">{apiKey.expires_at ? <Clock at={apiKey.expires_at} /> : "never"}</dd></div>
      </dl>
      <div className="ml-auto flex w-20 justify-end">{word === "Active" && <Button onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>Revoke</Button>}</div>
    </li>
  );
}

/** Keys for programs: made here, shown once, revoked at once. */
export function KeysPanel({ role }: { role: Role }) {
  const query = useApiKeys();
  const revoke = useRevokeApiKey();
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  return (
    <Section
      title="API keys"
      note={<>For your own programs, sent as <code>Authorization: Bearer arb_…</code>. A key never allows more than your role. <a className="text-accent underline" href="/api/docs/">API documentation</a></>}
      bodyClass=""
      actions={<Button look="solid" onClick={() => setMaking(true)}><PlusIcon aria-hidden className="size-4" />New key</Button>}
    >
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4"><Skeleton className="h-12" /><Skeleton className="h-12" /></div>}
        empty={(keys) => keys.length === 0 && <EmptyState title="No keys" action={<KeyIcon aria-hidden className="size-6 text-muted" />}>A script that reads opportunities needs one with the scope “read”.</EmptyState>}
      >
        {(keys) => <ul className="divide-y border-t">{keys.map((key) => <KeyRow key={key.id} apiKey={key} onRevoke={() => setLeaving(key)} />)}</ul>}
      </QueryState>
      {isMaking && <NewKeySheet role={role} onClose={() => setMaking(false)} />}
      {leaving && (
        <Confirm title={`Revoke “${leaving.name}”?`} action="Revoke" onConfirm={() => revoke.mutateAsync(leaving.id)} onClose={() => setLeaving(null)}>
          <p>Every program that uses <code>arb_{leaving.prefix}_…</code> is refused from its next call on. This cannot be taken back.</p>
        </Confirm>
      )}
    </Section>
  );
}
