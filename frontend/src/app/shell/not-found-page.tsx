import { Link } from "@tanstack/react-router";

import { buttonClass } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";

export function NotFoundPage() {
  return (
    <div className="mx-auto mt-[12vh] flex max-w-sm flex-col items-center gap-3 text-center">
      <p aria-hidden className="num text-5xl font-semibold text-muted">404</p>
      <PageHeader title="There is no such page" />
      <p className="text-[0.8125rem] text-muted">The link may be old, or the address mistyped.</p>
      <Link to="/opportunities" className={buttonClass("solid")}>Go to opportunities</Link>
    </div>
  );
}
