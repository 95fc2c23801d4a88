import { SignalSlashIcon } from "@heroicons/react/20/solid";
import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

const subscribe = (listener: () => void) => onlineManager.subscribe(listener);

/** The device has no network: what is on the screen is what was loaded last. */
export function OfflineStrip() {
  const isOnline = useSyncExternalStore(subscribe, () => onlineManager.isOnline());
  if (isOnline) return null;
  return (
    <p role="alert" className="flex items-center gap-2 border-b bg-warn-soft px-3 py-1.5 text-xs font-medium text-warn sm:px-4">
      <SignalSlashIcon aria-hidden className="size-4" />
      This device is offline. You see what was loaded last; the pages go on by themselves once it is back.
    </p>
  );
}
