import { TrashIcon } from "@heroicons/react/20/solid";
import { useState, type FormEvent } from "react";

import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";

import { useDeleteView, useStoreView } from "../api/saved-views";
import type { SavedView } from "../api/shapes";
import { savedQuery, type ScreenerSearch } from "../hooks/screener-search";

function Choice({ label, note, isOn, onChange }: { label: string; note: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className="flex min-h-11 items-center gap-3 rounded-lg px-1 sm:min-h-9">
      <input type="checkbox" className="size-4 accent-accent-solid" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span className="text-[0.8125rem]">
        {label} <span className="text-muted">{note}</span>
      </span>
    </label>
  );
}

function OwnViews({ views }: { views: readonly SavedView[] }) {
  const store = useStoreView();
  const remove = useDeleteView();
  if (views.length === 0) return null;
  return (
    <section aria-label="Your views" className="border-t pt-3">
      <h3 className="text-2xs font-semibold tracking-wider text-muted uppercase">Your views</h3>
      <ul className="mt-1 divide-y">
        {views.map((view) => (
          <li key={view.id} className="flex items-center gap-2 py-1">
            <span className="min-w-0 flex-1 truncate text-[0.8125rem]">{view.name}</span>
            {view.is_shared && <Badge>shared</Badge>}
            <Button
              look="ghost"
              aria-pressed={view.is_default}
              disabled={store.isPending}
              onClick={() => store.mutate({ id: view.id, name: view.name, query: view.query, is_shared: view.is_shared, is_default: !view.is_default })}
            >
              {view.is_default ? "Default ✓" : "Make default"}
            </Button>
            <IconButton label={`Delete view ${view.name}`} disabled={remove.isPending} onClick={() => remove.mutate(view.id)}>
              <TrashIcon aria-hidden className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      {(store.error ?? remove.error) && <p role="alert" className="mt-1 text-xs text-loss">{(store.error ?? remove.error)?.message}</p>}
    </section>
  );
}

interface SaveViewDialogProps {
  search: ScreenerSearch;
  views: readonly SavedView[];
  onClose: () => void;
}

/** Keep the screener as it is under a name; an own view of that name is replaced. */
export default function SaveViewDialog({ search, views, onClose }: SaveViewDialogProps) {
  const own = views.filter((view) => view.is_own);
  const [name, setName] = useState("");
  const [isDefault, setDefault] = useState(false);
  const [isShared, setShared] = useState(false);
  const store = useStoreView();
  const text = name.trim();
  const known = own.find((view) => view.name.toLowerCase() === text.toLowerCase());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text || store.isPending) return;
    store.mutate({ id: known?.id, name: text, query: savedQuery(search), is_default: isDefault, is_shared: isShared }, { onSuccess: onClose });
  };
  return (
    <Sheet title="Save view" isOpen onClose={onClose}>
      <form onSubmit={submit} className="space-y-2">
        <p className="text-xs text-muted">Keeps filters, order, columns and density. Ages such as “fresh” stay relative to the moment.</p>
        <label className="block">
          <span className="mb-1 block text-xs text-muted">Name</span>
          <input className="field w-full" autoFocus required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <Choice label="Begin with it" note="when I open the screener" isOn={isDefault} onChange={setDefault} />
        <Choice label="Share it" note="everybody who can log in sees it" isOn={isShared} onChange={setShared} />
        {store.isError && <p role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">{store.error.message}</p>}
        <div className="flex justify-end gap-2 pb-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" disabled={!text || store.isPending}>{known ? "Replace view" : "Save view"}</Button>
        </div>
      </form>
      <OwnViews views={own} />
    </Sheet>
  );
}
