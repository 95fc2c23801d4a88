import { PageHeader } from "@/components/ui/page-header";

export function OverviewRoute() {
  return <PageHeader title="Overview" />;
}
