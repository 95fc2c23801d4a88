import { ArrowTopRightOnSquareIcon, TrashIcon } from "@heroicons/react/20/solid";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { buttonClass, IconButton } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { CheckField } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { humanise } from "@/lib/format";

import { useSavedViews, useViewChange, useViewDelete, type SavedView } from "../api/saved-views";

function addressOf({ page, query }: SavedView): string {
  return `/app/${page}${query ? `?${query}` : ""}`;
}

function ViewRow({ view, onDelete }: { view: SavedView; onDelete: () => void }) {
  const change = useViewChange();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:px-5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex items-center gap-2 text-[0.8125rem] font-medium">
          <span className="truncate">{view.name}</span>
          <Badge>{humanise(view.page)}</Badge>
          {!view.is_own && <span className="text-2xs font-normal text-muted">by {view.owner}</span>}
        </p>
        <p className="truncate text-2xs text-muted" title={view.query}>{view.query ? decodeURIComponent(view.query.replaceAll("&", ", ")) : "without filters"}</p>
      </div>
      {view.is_own && (
        <div className="flex gap-4 text-xs">
          <CheckField label="Default" checked={view.is_default} disabled={change.isPending} onChange={(is_default) => change.mutate({ id: view.id, is_default })} />
          <CheckField label="Shared" checked={view.is_shared} disabled={change.isPending} onChange={(is_shared) => change.mutate({ id: view.id, is_shared })} />
        </div>
      )}
      <div className="flex">
        <a href={addressOf(view)} className={buttonClass("ghost", true)} aria-label={`Open ${view.name}`} title={`Open ${view.name}`}><ArrowTopRightOnSquareIcon aria-hidden className="size-4" /></a>
        {view.is_own && <IconButton label={`Delete ${view.name}`} onClick={onDelete}><TrashIcon aria-hidden className="size-4" /></IconButton>}
      </div>
    </li>
  );
}

/** Named filters of the lists: own ones and those that others share. */
export function ViewsPanel() {
  const query = useSavedViews();
  const remove = useViewDelete();
  const [leaving, setLeaving] = useState<SavedView | null>(null);
  return (
    <Section title="Saved views" note="Make one with “Save view” above a list. The default opens when a page is opened without filters; a shared one is seen by everybody." bodyClass="">
      <QueryState
        query={query}
        skeleton={<div className="space-y-2 p-4"><Skeleton className="h-10" /><Skeleton className="h-10" /></div>}
        empty={(views) => views.length === 0 && <EmptyState title="No views yet">Filter a list, then save what you see under a name.</EmptyState>}
      >
        {(views) => <ul className="divide-y border-t">{views.map((view) => <ViewRow key={view.id} view={view} onDelete={() => setLeaving(view)} />)}</ul>}
      </QueryState>
      {leaving && (
        <Confirm title={`Delete “${leaving.name}”?`} action="Delete" onConfirm={() => remove.mutateAsync(leaving.id)} onClose={() => setLeaving(null)}>
          {leaving.is_shared ? <p>Others who use this view lose it too.</p> : <p>The filters stay in links that you have copied.</p>}
        </Confirm>
      )}
    </Section>
  );
}
