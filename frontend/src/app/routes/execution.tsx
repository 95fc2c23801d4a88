import { PageHeader } from "@/components/ui/page-header";

export function ExecutionRoute() {
  return <PageHeader title="Execution" />;
}
