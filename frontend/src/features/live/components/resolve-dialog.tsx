import { useState } from "react";

import { Confirm } from "@/components/ui/confirm";
import { ChoiceField, InputField } from "@/components/ui/field";
import { isDecimal, signOf } from "@/lib/decimal";

import { useResolve, type Outcome, type SpreadExecution } from "../api/executions";
import { routeOf } from "../hooks/spread-words";

const OUTCOMES = [
  { value: "nothing_happened", label: "The open order never took effect" },
  { value: "filled", label: "The open order was filled" },
] as const satisfies readonly { value: Outcome; label: string }[];

const FIELDS = [
  { name: "quantity", label: "Units filled", hint: "all, if left out" },
  { name: "price", label: "Price, each", hint: "the limit, if left out" },
  { name: "fees", label: "Fees, in all", hint: "none, if left out" },
] as const;

const NOTHING = { quantity: "", price: "", fees: "", venue_order_id: "" };

/** An operator has looked at the venue and says what became of the open order. */
export default function ResolveDialog({ execution, onClose }: { execution: SpreadExecution; onClose: () => void }) {
  const [outcome, setOutcome] = useState<Outcome>("nothing_happened");
  const [figures, setFigures] = useState(NOTHING);
  const [note, setNote] = useState("");
  const resolve = useResolve(execution.id);
  const isFilled = outcome === "filled";
  const isSound = FIELDS.every(({ name }) => figures[name] === "" || (isDecimal(figures[name]) && signOf(figures[name]) >= 0));
  const given = Object.fromEntries(Object.entries(figures).filter(([, value]) => isFilled && value !== ""));
  return (
    <Confirm
      title="Say what happened"
      action="Write it down"
      isReady={note.trim() !== "" && (!isFilled || isSound)}
      onConfirm={() => resolve.mutateAsync({ outcome, ...given, note: note.trim() })}
      onClose={onClose}
    >
      <p>{routeOf(execution)}: look the order up at the venue by our order number before you answer. What you say is booked and audited, and cannot be taken back.</p>
      <ChoiceField label="What the venue shows" value={outcome} options={OUTCOMES} onChange={setOutcome} />
      {isFilled && (
        <div className="grid grid-cols-2 gap-3">
          {FIELDS.map(({ name, label, hint }) => (
            <InputField key={name} label={label} hint={hint} inputMode="decimal" autoComplete="off" value={figures[name]} onChange={(value) => setFigures({ ...figures, [name]: value.trim() })} />
          ))}
          <InputField label="The venue’s order number" maxLength={120} autoComplete="off" value={figures.venue_order_id} onChange={(value) => setFigures({ ...figures, venue_order_id: value.trim() })} />
        </div>
      )}
      <InputField label="How you know" value={note} onChange={setNote} required maxLength={160} placeholder="Seen in the venue’s order list" />
    </Confirm>
  );
}
