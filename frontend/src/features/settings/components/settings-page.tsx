import type { SessionUser } from "@/api/types";
import { PageHeader } from "@/components/ui/page-header";
import { TabLinks } from "@/components/ui/tab-links";

import { FeePanel } from "./fee-panel";
import { KeysPanel } from "./keys-panel";
import { ProfilePanel, type SaveProfile } from "./profile-panel";
import { SecurityPanel } from "./security-panel";
import { ViewsPanel } from "./views-panel";

const TABS = [
  { value: "profile", label: "Profile and look" },
  { value: "fees", label: "Fee profile" },
  { value: "views", label: "Saved views" },
  { value: "keys", label: "API keys" },
  { value: "security", label: "Password and log-ins" },
] as const;
type Tab = (typeof TABS)[number]["value"];

interface SettingsPageProps {
  user: SessionUser;
  tab: string | undefined;
  onTab: (tab: string | undefined) => void;
  onSave: SaveProfile;
}

/** What belongs to one person. */
export function SettingsPage({ user, tab, onTab, onSave }: SettingsPageProps) {
  const shown: Tab = TABS.find(({ value }) => value === tab)?.value ?? "profile";
  return (
    <div className="mx-auto max-w-5xl space-y-3">
      <PageHeader title="Settings" />
      <TabLinks label="Settings" value={shown} tabs={TABS} onChange={(next) => onTab(next === "profile" ? undefined : next)} />
      {shown === "profile" && <ProfilePanel user={user} onSave={onSave} />}
      {shown === "fees" && <FeePanel profile={user.fee_profile ?? {}} onSave={onSave} />}
      {shown === "views" && <ViewsPanel />}
      {shown === "keys" && <KeysPanel role={user.role} />}
      {shown === "security" && <SecurityPanel username={user.username} />}
    </div>
  );
}
