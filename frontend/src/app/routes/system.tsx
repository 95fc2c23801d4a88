import { PageHeader } from "@/components/ui/page-header";

export function SystemRoute() {
  return <PageHeader title="System" />;
}
