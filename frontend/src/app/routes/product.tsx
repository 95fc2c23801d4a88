import { PageHeader } from "@/components/ui/page-header";

export function ProductRoute() {
  return <PageHeader title="Product" />;
}
