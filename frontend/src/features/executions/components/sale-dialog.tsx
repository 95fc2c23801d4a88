import { useRef, useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { ChoiceField, FormError, InputField } from "@/components/ui/field";
import { Sheet } from "@/components/ui/sheet";
import { isDecimal, signOf } from "@/lib/decimal";
import { humanise } from "@/lib/format";
import { newRequestKey } from "@/lib/request-key";
import { showToast } from "@/lib/toasts";

import { useEnterSale } from "../api/change-execution";
import type { ComparedCard, ExecutionDetail } from "../api/shapes";

interface SaleDialogProps {
  execution: ExecutionDetail;
  cards: readonly { card: ComparedCard; left: number }[];
  onClose: () => void;
}

const isAmount = (text: string) => isDecimal(text) && signOf(text) >= 0;

/** What a person sold by hand. */
export default function SaleDialog({ execution, cards, onClose }: SaleDialogProps) {
  const options = cards.map(({ card, left }) => ({
    value: `${card.product.id} ${card.finish}`,
    label: `${card.product.name}${card.finish === "nonfoil" ? "" : `, ${humanise(card.finish).toLowerCase()}`} (${left} left)`,
  }));
  const [draft, setDraft] = useState({ card: options[0]?.value ?? "", quantity: "1", gross: "", fees: "0", postage: "0", note: "" });
  const [key] = useState(newRequestKey);
  const isSent = useRef(false); // two clicks come faster than one rendering
  const enter = useEnterSale(execution.id, key);
  const errors = fieldErrorsOf(enter.error);
  const left = cards.find(({ card }) => `${card.product.id} ${card.finish}` === draft.card)?.left ?? 0;
  const quantity = Number(draft.quantity);
  const isQuantity = Number.isInteger(quantity) && quantity >= 1 && quantity <= left;
  const isReady = isQuantity && [draft.gross, draft.fees, draft.postage].every(isAmount);
  const set = (patch: Partial<typeof draft>) => setDraft({ ...draft, ...patch });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [product = "", finish = ""] = draft.card.split(" ");
    if (!isReady || isSent.current) return;
    isSent.current = true;
    enter.mutate(
      { product, finish, quantity, gross: draft.gross, fees: draft.fees, postage: draft.postage, note: draft.note.trim() },
      {
        onSuccess: () => {
          showToast({ tone: "gain", title: "Sale booked" });
          onClose();
        },
        onError: () => (isSent.current = false),
      },
    );
  };
  return (
    <Sheet title="Enter a sale" isOpen onClose={onClose}>
      <form className="space-y-3" onSubmit={submit}>
        <ChoiceField label="Card" value={draft.card} options={options} error={errors["product"]} onChange={(card) => set({ card, quantity: "1" })} />
        <div className="grid grid-cols-2 gap-3">
          <InputField label="Copies" type="number" min={1} max={left} value={draft.quantity} error={errors["quantity"] ?? (isQuantity ? undefined : `1 to ${left}`)} onChange={(value) => set({ quantity: value })} />
          <InputField label={`Paid by the buyer, ${execution.currency}`} inputMode="decimal" hint="for all copies" required value={draft.gross} error={errors["gross"]} onChange={(value) => set({ gross: value.trim() })} />
          <InputField label="Fees" inputMode="decimal" value={draft.fees} error={errors["fees"]} onChange={(value) => set({ fees: value.trim() })} />
          <InputField label="Postage" inputMode="decimal" value={draft.postage} error={errors["postage"]} onChange={(value) => set({ postage: value.trim() })} />
        </div>
        <InputField label="Note" maxLength={200} placeholder="optional" value={draft.note} onChange={(value) => set({ note: value })} />
        <FormError>{enter.error && messageOf(enter.error)}</FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" disabled={!isReady || enter.isPending}>Book the sale</Button>
        </div>
      </form>
    </Sheet>
  );
}
