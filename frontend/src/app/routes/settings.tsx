import { getRouteApi, useNavigate } from "@tanstack/react-router";

import { useProfileChange } from "@/features/auth/api/profile";
import { useSession } from "@/features/auth/api/session";
import { SettingsPage } from "@/features/settings/components/settings-page";

import { RoleGate } from "../shell/role-gate";

const route = getRouteApi("/settings");

export function SettingsRoute() {
  const { tab } = route.useSearch();
  const navigate = useNavigate({ from: "/settings" });
  const user = useSession().data?.user;
  const save = useProfileChange({ done: "Saved", failed: "Not saved" });
  return (
    <RoleGate role="viewer" title="Settings">
      {user && <SettingsPage user={user} tab={tab} onTab={(next) => void navigate({ search: next ? { tab: next } : {} })} onSave={(patch) => save.mutateAsync(patch)} />}
    </RoleGate>
  );
}
