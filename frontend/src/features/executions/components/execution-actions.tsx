import { BanknotesIcon, PencilSquareIcon, XCircleIcon } from "@heroicons/react/20/solid";
import { lazy, Suspense, useState } from "react";

import { Button } from "@/components/ui/button";
import { showToast } from "@/lib/toasts";

import { useCancel, useNote, useSettle } from "../api/change-execution";
import type { ExecutionDetail } from "../api/shapes";
import { mayStillSell } from "../hooks/execution-state";

const Confirm = lazy(() => import("@/components/ui/confirm").then((module) => ({ default: module.Confirm })));
const TextDialog = lazy(() => import("./text-dialog"));

type Dialog = "settle" | "cancel" | "note" | null;

/** Sell now, take back, write a note; each asks first. */
export function ExecutionActions({ execution }: { execution: ExecutionDetail }) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const settle = useSettle(execution.id);
  const cancel = useCancel(execution.id);
  const note = useNote(execution.id);
  const close = () => setDialog(null);
  const isOpen = mayStillSell(execution.state);
  return (
    <div className="flex flex-wrap items-center gap-2">
      {isOpen && (
        <Button look="solid" onClick={() => setDialog("settle")}>
          <BanknotesIcon aria-hidden className="size-4" />
          Settle now
        </Button>
      )}
      <Button onClick={() => setDialog("note")}>
        <PencilSquareIcon aria-hidden className="size-4" />
        Note
      </Button>
      {execution.state === "bought" && execution.openings.length === 0 && (
        <Button onClick={() => setDialog("cancel")}>
          <XCircleIcon aria-hidden className="size-4" />
          Cancel
        </Button>
      )}
      <Suspense>
        {dialog === "settle" && (
          <Confirm
            title="Settle now"
            action="Sell everything"
            isDanger={false}
            onClose={close}
            onConfirm={async () => {
              await settle.mutateAsync(undefined);
              showToast({ tone: "gain", title: "Sold what has a price", detail: "Cards without a fresh price stay open and are tried again." });
            }}
          >
            <p>Every card that is left is sold at the executable prices of now, before fees and postage are taken off. Cards without a fresh price stay open and are tried again later.</p>
          </Confirm>
        )}
        {dialog === "cancel" && (
          <TextDialog
            title="Cancel the execution"
            text="The purchase is taken back and its money with it. The opportunity stays executed."
            label="Reason"
            action="Cancel the execution"
            initial=""
            isRequired
            onClose={close}
            onSave={(reason) => cancel.mutateAsync(reason)}
          />
        )}
        {dialog === "note" && <TextDialog title="Note" label="Note" action="Save note" initial={execution.note} onClose={close} onSave={(text) => note.mutateAsync(text)} />}
      </Suspense>
    </div>
  );
}
