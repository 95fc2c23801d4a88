import { CheckCircleIcon, ExclamationTriangleIcon, PlusIcon, QuestionMarkCircleIcon, TrashIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { FormError, InputField } from "@/components/ui/field";
import { Moment } from "@/components/ui/freshness";
import { Section } from "@/components/ui/section";
import { Sheet } from "@/components/ui/sheet";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { Switch } from "@/components/ui/switch";

import { useChannels, useCreateChannel, useDeleteChannel, useMuteChannel, useTestChannel, type Channel } from "../api/channels";

const LOOKS: Record<Channel["state"], { tone: Tone; word: string; Icon: typeof PlusIcon }> = {
  untested: { tone: "neutral", word: "Not tested", Icon: QuestionMarkCircleIcon },
  working: { tone: "gain", word: "Working", Icon: CheckCircleIcon },
  failing: { tone: "loss", word: "Failing", Icon: ExclamationTriangleIcon },
};

function ChannelRow({ channel, onDelete }: { channel: Channel; onDelete: () => void }) {
  const test = useTestChannel();
  const mute = useMuteChannel();
  const { tone, word, Icon } = LOOKS[channel.state];
  const result = test.isPending ? "Sending a test message" : test.data ? (test.data.delivered ? "Delivered: look there for the test message." : test.data.error) : test.isError ? messageOf(test.error) : "";
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-medium">
          {channel.name}
          <Badge tone={tone}><Icon aria-hidden className="size-3.5" />{word}</Badge>
          {channel.is_muted && <Badge tone="warn">Muted</Badge>}
        </p>
        <p className="text-2xs break-all text-muted">
          {channel.url_hint} · {channel.last_delivered_at ? <>last delivered <Moment at={channel.last_delivered_at} /></> : "nothing delivered yet"}
        </p>
        {channel.state === "failing" && channel.last_error && !result && <p className="mt-0.5 text-2xs text-loss">{channel.last_error}</p>}
        <p role="status" className={test.data?.delivered || test.isPending ? "mt-0.5 text-2xs text-gain empty:hidden" : "mt-0.5 text-2xs text-loss empty:hidden"}>{result}</p>
      </div>
      <div className="ml-auto flex items-center gap-1.5">
        <Button disabled={test.isPending} aria-label={`Test ${channel.name}`} onClick={() => test.mutate(channel.id)}>Test</Button>
        <span aria-hidden className="text-xs text-muted">Mute</span>
        <Switch label={`Mute ${channel.name}`} checked={channel.is_muted} disabled={mute.isPending} onChange={(is_muted) => mute.mutate({ id: channel.id, is_muted })} />
        <IconButton label={`Delete ${channel.name}`} onClick={onDelete}><TrashIcon aria-hidden className="size-4" /></IconButton>
      </div>
    </li>
  );
}

function NewChannel({ onClose }: { onClose: () => void }) {
  const create = useCreateChannel();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const refused = fieldErrorsOf(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), url: url.trim() }, { onSuccess: onClose });
  };
  return (
    <Sheet title="New channel" isOpen onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <InputField label="Name" value={name} onChange={setName} maxLength={80} required autoFocus placeholder="Team chat" error={refused["name"]} />
        <InputField
          label="Address"
          value={url}
          onChange={setUrl}
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="https://hooks.example.org/… or mailto://, discord://, tgram://"
          hint="An https webhook, or an Apprise address of an offered service. It is kept encrypted and never shown again."
          error={refused["url"]}
        />
        <FormError>{create.isError && Object.keys(refused).length === 0 && messageOf(create.error)}</FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" disabled={create.isPending || !name.trim() || !url.trim()}>Add the channel</Button>
        </div>
      </form>
    </Sheet>
  );
}

/** Where alerts go besides the bell. */
export function ChannelsPanel() {
  const query = useChannels();
  const remove = useDeleteChannel();
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Channel | null>(null);
  return (
    <Section title="Channels" note="Chat, mail or a webhook of your own. Test one before you rely on it." bodyClass="" actions={<Button look="solid" onClick={() => setMaking(true)}><PlusIcon aria-hidden className="size-4" />New channel</Button>}>
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4"><Skeleton className="h-12" /><Skeleton className="h-12" /></div>}
        empty={(channels) => channels.length === 0 && <EmptyState title="Only the bell">Alerts ring the bell at the top. Add a channel to be told when the dashboard is closed.</EmptyState>}
      >
        {(channels) => <ul className="divide-y border-t">{channels.map((channel) => <ChannelRow key={channel.id} channel={channel} onDelete={() => setLeaving(channel)} />)}</ul>}
      </QueryState>
      {isMaking && <NewChannel onClose={() => setMaking(false)} />}
      {leaving && (
        <Confirm title={`Delete “${leaving.name}”?`} action="Delete" onConfirm={() => remove.mutateAsync(leaving.id)} onClose={() => setLeaving(null)}>
          <p>Rules that use it go on without it. The log of what was delivered there is deleted too.</p>
        </Confirm>
      )}
    </Section>
  );
}
