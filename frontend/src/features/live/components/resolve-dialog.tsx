import { useState } from "react";

import { Confirm } from "@/components/ui/confirm";
import { ChoiceField, InputField } from "@/components/ui/field";

import { useResolve, type Outcome, type SpreadExecution } from "../api/executions";
import { routeOf } from "../hooks/spread-words";

const OUTCOMES = [
  { value: "nothing_happened", label: "The open order never took effect" },
  { value: "filled", label: "The open order was filled as asked" },
] as const satisfies readonly { value: Outcome; label: string }[];

/** An operator has looked at the venues and says what became of the open order. */
export default function ResolveDialog({ execution, onClose }: { execution: SpreadExecution; onClose: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>("nothing_happened");
  const [reason, setReason] = useState("");
  const resolve = useResolve(execution.id);
  return (
    <Confirm title="Say what happened" action="Write it down" isReady={reason.trim() !== ""} onConfirm={() => resolve.mutateAsync({ outcome, reason: reason.trim() })} onClose={onClose}>
      <p>
        {routeOf(execution)}: look the order up at the venue by our order number before you answer. What you say is booked, audited, and cannot be taken back.
      </p>
      <ChoiceField label="What the venue shows" value={outcome} options={OUTCOMES} onChange={setOutcome} />
      <InputField label="How you know" value={reason} onChange={setReason} required maxLength={200} placeholder="Seen in the venue’s order list" />
    </Confirm>
  );
}
