import { useState, type FormEvent } from "react";

import { ProblemError } from "@/api/problem";
import { Button } from "@/components/ui/button";

import { useLogIn } from "../api/session";

function reason(error: unknown): string {
  if (error instanceof ProblemError && [400, 401, 403].includes(error.status)) {
    return error.detail || "The user name or the password is wrong.";
  }
  return error instanceof Error ? error.message : "Logging in failed.";
}

/** User name and password; the server says what is wrong with them. */
export function LoginForm({ onDone }: { onDone: () => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const logIn = useLogIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    logIn.mutate({ username, password }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <label className="block">
        <span className="mb-1 block text-xs text-muted">User name</span>
        <input className="field w-full" name="username" autoComplete="username" autoFocus required value={username} onChange={(event) => setUsername(event.target.value)} />
      </label>
      <label className="block">
        <span className="mb-1 block text-xs text-muted">Password</span>
        <input className="field w-full" name="password" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      </label>
      {logIn.isError && <p role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">{reason(logIn.error)}</p>}
      <Button look="solid" type="submit" disabled={logIn.isPending}>{logIn.isPending ? "Logging in" : "Log in"}</Button>
    </form>
  );
}
