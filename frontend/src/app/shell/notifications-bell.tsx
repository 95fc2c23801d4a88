import { BellIcon } from "@heroicons/react/24/outline";
import { BanknotesIcon, Cog6ToothIcon, QueueListIcon, ScaleIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";

import { Moment } from "@/components/ui/freshness";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { alertKeys } from "@/features/alerts/api/keys";
import { useMarkRead, useNotifications, type Notification } from "@/features/alerts/api/notifications";
import { useStreamRefresh } from "@/lib/sse";

import { BellPanel } from "./bell-panel";

const ICONS = { opportunity: ScaleIcon, execution: BanknotesIcon, job: QueueListIcon, system: Cog6ToothIcon } as const;

function Line({ row, onOpen }: { row: Notification; onOpen: () => void }) {
  const Icon = ICONS[row.kind];
  const isUnread = row.read_at === null;
  const content = (
    <>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className={clsx("block break-words", isUnread && "font-semibold")}>{row.title}</span>
        {row.body && <span className="line-clamp-3 text-xs whitespace-pre-line text-muted">{row.body}</span>}
        <span className="text-2xs text-muted"><Moment at={row.created_at} /></span>
      </span>
      {isUnread && <span className="mt-1.5 size-2 shrink-0 rounded-full bg-accent-solid"><span className="sr-only">unread</span></span>}
    </>
  );
  const look = "flex w-full items-start gap-2.5 px-3.5 py-2.5 text-left hover:bg-sunken";
  if (row.link === "") return <button type="button" className={look} onClick={onOpen}>{content}</button>;
  return <Link to={row.link.replace(/^\/app(?=\/)/, "")} className={look} onClick={onOpen}>{content}</Link>;
}

/** What happened that this person wants to know: unread count, the newest lines, the way to each. */
export function NotificationsBell() {
  const query = useNotifications(true);
  const markRead = useMarkRead();
  useStreamRefresh(["notification"], [alertKeys.notifications()]);
  const unread = query.data?.unread_count ?? 0;
  return (
    <BellPanel
      label={unread > 0 ? `Notifications: ${unread} unread` : "Notifications"}
      title="Notifications"
      Icon={BellIcon}
      count={unread}
      tone="loss"
      actions={unread > 0 && <button type="button" className="min-h-8 text-xs font-medium text-accent underline" onClick={() => markRead.mutate(undefined)}>Mark all as read</button>}
    >
      {(close) => (
        <>
          <QueryState
            query={query}
            skeleton={<div className="space-y-2 p-3"><Skeleton className="h-10" /><Skeleton className="h-10" /></div>}
            empty={({ results }) => results.length === 0 && <EmptyState title="Nothing yet">Alerts of your rules, executions and finished runs appear here.</EmptyState>}
          >
            {({ results }) => (
              <ul className="divide-y">
                {results.map((row) => (
                  <li key={row.id}>
                    <Line row={row} onOpen={() => {
                      if (row.read_at === null) markRead.mutate([row.id]);
                      if (row.link) close();
                    }} />
                  </li>
                ))}
              </ul>
            )}
          </QueryState>
          <p className="border-t px-3.5 py-2 text-xs"><Link to="/alerts" onClick={close} className="font-medium text-accent underline">Rules and channels</Link></p>
        </>
      )}
    </BellPanel>
  );
}
