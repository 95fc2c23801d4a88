import { useState } from "react";

import { messageOf, ProblemError } from "@/api/problem";
import type { OpportunityDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/field";
import { Sheet } from "@/components/ui/sheet";

import { useAnnotate } from "../api/change-opportunities";

const MOST = 500;

interface NoteDialogProps {
  opportunity: OpportunityDetail;
  onClose: () => void;
}

/** A note that everybody sees. Somebody else's newer change is never overwritten unseen. */
export default function NoteDialog({ opportunity, onClose }: NoteDialogProps) {
  const [text, setText] = useState(opportunity.execution_notes);
  const annotate = useAnnotate(opportunity.id, opportunity.revision);
  const isOutdated = annotate.error instanceof ProblemError && annotate.error.status === 412;
  return (
    <Sheet title="Note" isOpen onClose={onClose}>
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          annotate.mutate({ execution_notes: text.trim() }, { onSuccess: onClose });
        }}
      >
        <label className="block">
          <span className="mb-1 block text-xs text-muted">Everybody who sees the opportunity sees the note</span>
          <textarea className="field h-auto min-h-28 w-full py-2" autoFocus maxLength={MOST} value={text} onChange={(event) => setText(event.target.value)} />
          <span className="num mt-1 block text-right text-2xs text-muted">{text.length} of {MOST}</span>
        </label>
        <FormError>
          {isOutdated ? "The opportunity has changed meanwhile and was read again. Saving now keeps the newer figures and your note." : annotate.error && messageOf(annotate.error)}
        </FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" disabled={annotate.isPending || text.trim() === opportunity.execution_notes}>Save note</Button>
        </div>
      </form>
    </Sheet>
  );
}
