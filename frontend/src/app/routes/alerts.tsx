import { PageHeader } from "@/components/ui/page-header";

export function AlertsRoute() {
  return <PageHeader title="Alerts" />;
}
