import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";

const REASONS = ["Wrong price", "Wrong contents", "Out of stock", "Too risky", "Seller not trusted"] as const;

interface DismissDialogProps {
  /** What is dismissed, e.g. "3 opportunities". */
  subject: string;
  isBusy: boolean;
  error?: string;
  onClose: () => void;
  onDismiss: (reason: string) => void;
}

/** Asks why; the reason goes into the record. */
export default function DismissDialog({ subject, isBusy, error, onClose, onDismiss }: DismissDialogProps) {
  const [reason, setReason] = useState("");
  const text = reason.trim();
  return (
    <Sheet title="Dismiss" isOpen onClose={onClose}>
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (text && !isBusy) onDismiss(text);
        }}
      >
        <p className="text-[0.8125rem]">This closes {subject} for everybody. The reason is kept in the audit log.</p>
        <div role="group" aria-label="Common reasons" className="flex flex-wrap gap-1.5">
          {REASONS.map((common) => (
            <button key={common} type="button" aria-pressed={reason === common} onClick={() => setReason(common)} className="h-11 rounded-full border px-3 text-xs font-medium text-muted hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent sm:h-8">
              {common}
            </button>
          ))}
        </div>
        <label className="block">
          <span className="mb-1 block text-xs text-muted">Reason</span>
          <input className="field w-full" autoFocus required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        {error && <p role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">{error}</p>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" disabled={!text || isBusy}>{isBusy ? "Dismissing" : "Dismiss"}</Button>
        </div>
      </form>
    </Sheet>
  );
}
