import { PageHeader } from "@/components/ui/page-header";

export function ProductsRoute() {
  return <PageHeader title="Products" />;
}
