import { PageHeader } from "@/components/ui/page-header";

export function AuditRoute() {
  return <PageHeader title="Audit" />;
}
