import { SystemPage } from "@/features/system/components/system-page";

import { RoleGate } from "../shell/role-gate";

export function SystemRoute() {
  return <RoleGate role="operator" title="System"><SystemPage /></RoleGate>;
}
