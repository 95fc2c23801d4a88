import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";

import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { ErrorState } from "@/components/ui/states";

/** A page that failed to draw: the rest of the application stays usable. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="mx-auto mt-[8vh] max-w-lg">
      <div className="card p-4">
        <PageHeader title="This page failed" />
        <ErrorState error={error} onRetry={retry} />
        <p className="text-center text-xs text-muted">
          After an update of the server, a reload helps. <Button look="ghost" onClick={() => window.location.reload()}>Reload</Button>
        </p>
      </div>
    </div>
  );
}
