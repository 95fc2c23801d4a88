import { ComputerDesktopIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { FormError, InputField } from "@/components/ui/field";
import { Clock, Moment } from "@/components/ui/freshness";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";

import { useEndLogin, useLogins, usePasswordChange, type Login } from "../api/security";

function PasswordForm({ username }: { username: string }) {
  const change = usePasswordChange();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [again, setAgain] = useState("");
  const refused = fieldErrorsOf(change.error);
  const differs = again !== "" && again !== wanted;
  const clear = () => {
    setCurrent("");
    setWanted("");
    setAgain("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!differs) change.mutate({ current, new: wanted }, { onSuccess: clear });
  };
  return (
    <form onSubmit={submit} className="max-w-sm space-y-4">
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <InputField label="Current password" type="password" autoComplete="current-password" required value={current} onChange={setCurrent} error={refused["current"]} />
      <InputField label="New password" type="password" autoComplete="new-password" required minLength={8} value={wanted} onChange={setWanted} error={refused["new"]} hint="Long beats complicated: four unrelated words do." />
      <InputField label="New password again" type="password" autoComplete="new-password" required value={again} onChange={setAgain} error={differs ? "The two differ." : undefined} />
      <FormError>{change.isError && !refused["current"] && !refused["new"] && messageOf(change.error)}</FormError>
      <Button type="submit" look="solid" disabled={change.isPending || differs || !current || !wanted || !again}>Change the password</Button>
    </form>
  );
}

const BROWSERS: readonly [RegExp, string][] = [[/Edg\//, "Edge"], [/Firefox\//, "Firefox"], [/Chrom(e|ium)\//, "Chrome"], [/Safari\//, "Safari"]];
const SYSTEMS: readonly [RegExp, string][] = [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/Linux/, "Linux"]];

/** "Chrome on Linux", as far as the program tells. */
export function nameOfAgent(agent: string): string {
  const nameIn = (known: readonly [RegExp, string][]) => known.find(([pattern]) => pattern.test(agent))?.[1];
  return [nameIn(BROWSERS), nameIn(SYSTEMS)].filter(Boolean).join(" on ") || agent.slice(0, 60) || "Unknown program";
}

function LoginRow({ login }: { login: Login }) {
  const end = useEndLogin();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:px-5">
      <ComputerDesktopIcon aria-hidden className="size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-[0.8125rem] font-medium" title={login.user_agent}>{nameOfAgent(login.user_agent)}{login.is_current && <Badge tone="gain">This one</Badge>}</p>
        <p className="text-2xs text-muted">since <Clock at={login.created_at} />, used <Moment at={login.last_used_at} /></p>
      </div>
      {!login.is_current && <Button disabled={end.isPending} onClick={() => end.mutate(login.id)} aria-label={`End the log-in of ${nameOfAgent(login.user_agent)}`}>End</Button>}
    </li>
  );
}

/** The password, and where one is logged in with tokens. */
export function SecurityPanel({ username }: { username: string }) {
  const query = useLogins();
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <Section title="Password" note="Every other log-in ends when it changes."><PasswordForm username={username} /></Section>
      <Section title="Log-ins" note="Programs and devices that hold token cookies. This browser's own session ends with “Log out”." bodyClass="">
        <QueryState
          query={query}
          skeleton={<div className="p-4"><Skeleton className="h-10" /></div>}
          empty={(logins) => logins.length === 0 && <EmptyState title="No token log-ins">They are made by <code>POST /api/v1/auth/signin</code>.</EmptyState>}
        >
          {(logins) => <ul className="divide-y border-t">{logins.map((login) => <LoginRow key={login.id} login={login} />)}</ul>}
        </QueryState>
      </Section>
    </div>
  );
}
