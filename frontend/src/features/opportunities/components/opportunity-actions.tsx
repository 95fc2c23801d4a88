import { ArrowPathIcon, BoltIcon, EllipsisHorizontalIcon } from "@heroicons/react/20/solid";
import { Menu, MenuButton, MenuItem, MenuItems } from "@headlessui/react";
import { lazy, Suspense, useState } from "react";

import { messageOf } from "@/api/problem";
import type { OpportunityDetail } from "@/api/types";
import { Button, buttonClass } from "@/components/ui/button";
import { useHotkeys } from "@/lib/hotkeys";
import { showToast } from "@/lib/toasts";

import { useAnnotate, useDismiss } from "../api/change-opportunities";
import type { useRevalidate } from "../api/revalidate";
import { whyNotExecutable, type Acting } from "../hooks/acting";
import { useWatch, WatchButton } from "./watch-star";

const ExecuteDialog = lazy(() => import("./execute-dialog"));
const DismissDialog = lazy(() => import("./dismiss-dialog"));
const NoteDialog = lazy(() => import("./note-dialog"));

type Dialog = "execute" | "dismiss" | "note" | null;

interface ActionsProps {
  opportunity: OpportunityDetail;
  acting: Acting;
  revalidation: ReturnType<typeof useRevalidate>;
}

const ITEM = "flex h-11 w-full items-center rounded-lg px-3 text-left text-[0.8125rem] data-focus:bg-sunken sm:h-9";

function More({ acting, opportunity, onDialog }: Pick<ActionsProps, "acting" | "opportunity"> & { onDialog: (dialog: Dialog) => void }) {
  const annotate = useAnnotate(opportunity.id, opportunity.revision);
  const isActive = opportunity.status === "active";
  const reviewed = () =>
    annotate.mutate(
      { needs_review: false, execution_notes: opportunity.execution_notes },
      {
        onSuccess: () => showToast({ tone: "gain", title: "Marked as reviewed" }),
        onError: (error) => showToast({ tone: "loss", title: "Not marked as reviewed", detail: messageOf(error) }),
      },
    );
  return (
    <Menu>
      <MenuButton className={buttonClass("outline", true)} aria-label="More actions" title="More actions">
        <EllipsisHorizontalIcon aria-hidden className="size-5" />
      </MenuButton>
      <MenuItems anchor={{ to: "bottom end", gap: 6 }} className="z-30 w-52 rounded-xl border bg-raised p-1.5 shadow-xl focus:outline-none">
        <MenuItem><button type="button" className={ITEM} onClick={() => onDialog("note")}>Write a note</button></MenuItem>
        {opportunity.needs_review && <MenuItem><button type="button" className={ITEM} onClick={reviewed}>Figures are right: reviewed</button></MenuItem>}
        {acting.mayTrade && isActive && <MenuItem><button type="button" className={`${ITEM} text-loss`} onClick={() => onDialog("dismiss")}>Dismiss</button></MenuItem>}
      </MenuItems>
    </Menu>
  );
}

/** Execute, re-validate, watch; note and dismissal behind "more". Keys: e, w. */
export function OpportunityActions({ opportunity, acting, revalidation }: ActionsProps) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const dismiss = useDismiss(opportunity.id);
  const watch = useWatch(acting.username !== null);
  const product = opportunity.sealed_product;
  const obstacle = whyNotExecutable(opportunity, acting);
  const close = () => setDialog(null);
  useHotkeys({
    e: () => (obstacle ? showToast({ tone: "warn", title: "Not executable", detail: obstacle }) : setDialog("execute")),
    w: () => watch.toggle(product),
  });
  if (acting.username === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {acting.mayTrade && (
        <Button look="solid" disabled={obstacle !== null} title={obstacle ?? "Buy on paper (e)"} onClick={() => setDialog("execute")}>
          <BoltIcon aria-hidden className="size-4" />
          Execute
        </Button>
      )}
      <Button disabled={revalidation.isPending} onClick={() => revalidation.mutate()} title="Compute the figures from the prices of now">
        <ArrowPathIcon aria-hidden className={`size-4 ${revalidation.isPending ? "animate-spin" : ""}`} />
        Re-validate
      </Button>
      <WatchButton product={product} />
      {acting.mayAnalyse && <More acting={acting} opportunity={opportunity} onDialog={setDialog} />}
      <Suspense>
        {dialog === "execute" && <ExecuteDialog opportunity={opportunity} acting={acting} onClose={close} />}
        {dialog === "note" && <NoteDialog opportunity={opportunity} onClose={close} />}
        {dialog === "dismiss" && (
          <DismissDialog
            subject={product.name}
            isBusy={dismiss.isPending}
            error={dismiss.error ? messageOf(dismiss.error) : undefined}
            onClose={close}
            onDismiss={(reason) =>
              dismiss.mutate(reason, {
                onSuccess: () => {
                  showToast({ tone: "gain", title: "Dismissed", detail: reason });
                  close();
                },
              })
            }
          />
        )}
      </Suspense>
    </div>
  );
}
