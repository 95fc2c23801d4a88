import { getRouteApi, useRouter } from "@tanstack/react-router";

import { PageHeader } from "@/components/ui/page-header";
import { LoginForm } from "@/features/auth/components/login-form";

const route = getRouteApi("/login");

export function LoginRoute() {
  const { next, ended } = route.useSearch();
  const router = useRouter();
  return (
    <div className="mx-auto mt-[10vh] w-full max-w-sm">
      <div className="card p-6">
        <PageHeader title="Log in" />
        {ended && <p role="status" className="mt-3 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">Your session has ended. Log in to go on where you were.</p>}
        <p className="mt-1 mb-5 text-xs text-muted">With the account that was made when Arbsite was set up. A local installation keeps its logins in <code>var/credentials.txt</code>.</p>
        <LoginForm onDone={() => router.history.push(next ?? "/app/opportunities")} />
      </div>
    </div>
  );
}
