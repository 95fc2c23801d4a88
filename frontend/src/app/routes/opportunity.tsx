import { PageHeader } from "@/components/ui/page-header";

export function OpportunityRoute() {
  return <PageHeader title="Opportunity" />;
}
