import { PageHeader } from "@/components/ui/page-header";

export function ExecutionsRoute() {
  return <PageHeader title="Executions" />;
}
