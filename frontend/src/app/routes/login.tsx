import { getRouteApi, useRouter } from "@tanstack/react-router";

import { PageHeader } from "@/components/ui/page-header";
import { LoginForm } from "@/features/auth/components/login-form";

const route = getRouteApi("/login");

export function LoginRoute() {
  const { next } = route.useSearch();
  const router = useRouter();
  return (
    <div className="mx-auto mt-[10vh] w-full max-w-sm">
      <div className="card p-6">
        <PageHeader title="Log in" />
        <p className="mt-1 mb-5 text-xs text-muted">With the account that was made when Arbsite was set up. A local installation keeps its logins in <code>var/credentials.txt</code>.</p>
        <LoginForm onDone={() => router.history.push(next ?? "/app/opportunities")} />
      </div>
    </div>
  );
}
