import { CheckIcon, ClipboardDocumentIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import type { Role } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CheckField, ChoiceField, FormError, InputField } from "@/components/ui/field";
import { Sheet } from "@/components/ui/sheet";

import { SCOPES, useCreateApiKey, type NewApiKey, type Scope } from "../api/api-keys";

const MEANINGS: Record<Scope, string> = {
  read: "Read: everything your role may see",
  trade: "Write and trade: dismiss, watch, execute on paper",
  ops: "Operate: start runs, reset breakers, settings",
};
const EXPIRIES = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "", label: "Never" },
] as const;
const OPERATORS: ReadonlySet<Role> = new Set(["operator", "admin"]);

/** The secret, this once, with a way to copy it. */
function Reveal({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(made.key);
      setCopied(true);
    } catch {
      setCopied(false); // not allowed on this page: the text can be selected
    }
  };
  return (
    <Sheet title={`Key “${made.name}”`} isOpen onClose={onClose} footer={<div className="flex justify-end"><Button look="solid" onClick={onClose}>I have kept it</Button></div>}>
      <div className="space-y-3 text-[0.8125rem]">
        <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">Copy the key now. It is not shown again; only a fingerprint of it is kept.</p>
        <code data-testid="secret" className="block rounded-lg border bg-sunken p-3 text-xs break-all select-all">{made.key}</code>
        <Button onClick={() => void copy()}>
          {isCopied ? <CheckIcon aria-hidden className="size-4 text-gain" /> : <ClipboardDocumentIcon aria-hidden className="size-4" />}
          <span aria-live="polite">{isCopied ? "Copied" : "Copy"}</span>
        </Button>
      </div>
    </Sheet>
  );
}

/** Name, scopes and expiry of a new key; afterwards the key itself. */
export function NewKeySheet({ role, onClose }: { role: Role; onClose: () => void }) {
  const create = useCreateApiKey();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const [expiry, setExpiry] = useState("90");
  const refused = fieldErrorsOf(create.error);
  if (create.data) return <Reveal made={create.data} onClose={onClose} />;
  const offered = SCOPES.filter((scope) => scope !== "ops" || OPERATORS.has(role));
  const toggle = (scope: Scope, isOn: boolean) => setScopes(SCOPES.filter((one) => (one === scope ? isOn : scopes.includes(one))));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), scopes: [...scopes], expires_in_days: expiry ? Number(expiry) : null });
  };
  return (
    <Sheet title="New API key" isOpen onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <InputField label="Name" value={name} onChange={setName} maxLength={80} required autoFocus hint="What uses it, such as “Nightly export”." error={refused["name"]} />
        <fieldset>
          <legend className="mb-1 text-xs text-muted">Scopes</legend>
          {offered.map((scope) => <CheckField key={scope} label={MEANINGS[scope]} checked={scopes.includes(scope)} onChange={(isOn) => toggle(scope, isOn)} />)}
          {refused["scopes"] && <p className="text-2xs font-medium text-loss">{refused["scopes"]}</p>}
        </fieldset>
        <ChoiceField label="Expires" value={expiry} options={EXPIRIES} onChange={setExpiry} />
        <FormError>{create.isError && Object.keys(refused).length === 0 && messageOf(create.error)}</FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" disabled={create.isPending || name.trim() === "" || scopes.length === 0}>Make the key</Button>
        </div>
      </form>
    </Sheet>
  );
}
