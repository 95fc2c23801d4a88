import { PageHeader } from "@/components/ui/page-header";

export function SettingsRoute() {
  return <PageHeader title="Settings" />;
}
