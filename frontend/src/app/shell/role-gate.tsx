import { LockClosedIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Role } from "@/api/types";
import { buttonClass } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { useSession } from "@/features/auth/api/session";
import { humanise } from "@/lib/format";
import { mayActAs } from "@/lib/roles";

import { RouteSkeleton } from "./route-skeleton";

interface RoleGateProps {
  /** The least role that may see the page. */
  role: Role;
  title: string;
  children: ReactNode;
}

const LOOK = "mx-auto mt-[10vh] flex max-w-sm flex-col items-center gap-3 text-center";

function Forbidden({ title, role, own }: { title: string; role: Role; own: Role }) {
  return (
    <div className={LOOK}>
      <LockClosedIcon aria-hidden className="size-8 text-muted" />
      <PageHeader title="Your role does not allow this" />
      <p className="text-[0.8125rem] text-muted">
        “{title}” is for the role {humanise(role).toLowerCase()} and above; you are {humanise(own).toLowerCase()}. An administrator can change that.
      </p>
      <Link to="/" className={buttonClass("solid")}>Go to the overview</Link>
    </div>
  );
}

function LoginNeeded({ title }: { title: string }) {
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <div className={LOOK}>
      <LockClosedIcon aria-hidden className="size-8 text-muted" />
      <PageHeader title={title} />
      <p className="text-[0.8125rem] text-muted">This page belongs to an account. Log in to go on.</p>
      <Link to="/login" search={{ next: here }} className={buttonClass("solid")}>Log in</Link>
    </div>
  );
}

/** A page for some roles: who is not logged in is asked to, who may not see it is told which role may. */
export function RoleGate({ role, title, children }: RoleGateProps) {
  const { data, isError } = useSession();
  if (!data && !isError) return <RouteSkeleton />;
  if (mayActAs(role, data)) return children;
  return data?.user ? <Forbidden title={title} role={role} own={data.user.role} /> : <LoginNeeded title={title} />;
}
