import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tab-links";

import { ChannelsPanel } from "./channels-panel";
import { DeliveriesPanel } from "./deliveries-panel";
import { RulesPanel } from "./rules-panel";

const TABS = [
  { value: "rules", label: "Rules" },
  { value: "channels", label: "Channels" },
  { value: "log", label: "Delivery log" },
] as const;

interface AlertsPageProps {
  tab: string | undefined;
  onTab: (tab: string | undefined) => void;
  timeZone: string;
}

/** When, where and how somebody is told. */
export function AlertsPage({ tab, onTab, timeZone }: AlertsPageProps) {
  const shown = TABS.find(({ value }) => value === tab)?.value ?? "rules";
  return (
    <div className="mx-auto max-w-5xl space-y-3">
      <PageHeader title="Alerts" />
      <TabLinks label="Alerts" value={shown} tabs={TABS} onChange={(next) => onTab(next === "rules" ? undefined : next)} />
      {shown === "rules" && <RulesPanel timeZone={timeZone} />}
      {shown === "channels" && <ChannelsPanel />}
      {shown === "log" && <DeliveriesPanel />}
    </div>
  );
}
