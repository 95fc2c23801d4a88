import { useRef, useState, type FormEvent } from "react";

import { messageOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { FormError, InputField } from "@/components/ui/field";
import { Sheet } from "@/components/ui/sheet";
import { EmptyState } from "@/components/ui/states";
import { formatDecimal, humanise, plural } from "@/lib/format";
import { newRequestKey } from "@/lib/request-key";
import { showToast } from "@/lib/toasts";

import { useEnterOpening } from "../api/change-execution";
import type { ComparedCard, Comparison, ExecutionDetail } from "../api/shapes";

interface OpeningDialogProps {
  execution: ExecutionDetail;
  comparison: Comparison;
  onClose: () => void;
}

const SHOWN = 60;
const keyOf = (card: ComparedCard) => `${card.product.id} ${card.finish}`;

/** The cards that were counted, ready to be sent; a field left empty is no copy. */
export function openingLines(cards: readonly ComparedCard[], copies: Readonly<Record<string, string>>) {
  return cards.flatMap((card) => {
    const quantity = Number(copies[keyOf(card)] ?? 0);
    return Number.isInteger(quantity) && quantity > 0 ? [{ product: card.product.id, finish: card.finish, quantity }] : [];
  });
}

/** What a person pulled: find the card, enter how many copies. Only cards that can be inside are offered. */
export default function OpeningDialog({ execution, comparison, onClose }: OpeningDialogProps) {
  const most = execution.quantity - comparison.opened;
  const [products, setProducts] = useState("1");
  const [wanted, setWanted] = useState("");
  const [note, setNote] = useState("");
  const [copies, setCopies] = useState<Record<string, string>>({});
  const [key] = useState(newRequestKey);
  const isSent = useRef(false); // two clicks come faster than one rendering
  const enter = useEnterOpening(execution.id, key);
  const words = wanted.trim().toLowerCase();
  const found = comparison.cards.filter((card) => `${card.product.name} ${card.product.number} ${card.finish}`.toLowerCase().includes(words));
  const lines = openingLines(comparison.cards, copies);
  const quantity = Number(products);
  const isQuantity = Number.isInteger(quantity) && quantity >= 1 && quantity <= most;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isQuantity || lines.length === 0 || isSent.current) return;
    isSent.current = true;
    enter.mutate(
      { quantity, note: note.trim(), lines },
      {
        onSuccess: () => {
          showToast({ tone: "gain", title: "Opening booked" });
          onClose();
        },
        onError: () => (isSent.current = false),
      },
    );
  };
  return (
    <Sheet title="Enter an opening" side="right" isOpen onClose={onClose}>
      <form className="space-y-3" onSubmit={submit}>
        <div className="grid grid-cols-2 gap-3">
          <InputField label="Products opened" type="number" min={1} max={most} value={products} hint={`${most} not opened yet`} error={isQuantity ? undefined : `1 to ${most}`} onChange={setProducts} />
          <InputField label="Note" maxLength={200} placeholder="optional" value={note} onChange={setNote} />
        </div>
        <InputField label="Find a card" type="search" placeholder="Name or number" value={wanted} onChange={setWanted} />
        <ul className="divide-y rounded-lg border">
          {found.slice(0, SHOWN).map((card) => (
            <li key={keyOf(card)} className="flex items-center gap-3 px-3 py-1.5">
              <span className="min-w-0 flex-1">
                <span className="block truncate text-[0.8125rem] font-medium">{card.product.name}</span>
                <span className="text-2xs text-muted">{[card.product.number && `#${card.product.number}`, humanise(card.finish), `${formatDecimal(card.expected_copies)} expected`].filter(Boolean).join(" · ")}</span>
              </span>
              <input
                className="field num w-20 text-right"
                type="number"
                min={0}
                aria-label={`Copies of ${card.product.name}, ${humanise(card.finish).toLowerCase()}`}
                placeholder="0"
                value={copies[keyOf(card)] ?? ""}
                onChange={(event) => setCopies({ ...copies, [keyOf(card)]: event.target.value })}
              />
            </li>
          ))}
          {found.length === 0 && <li><EmptyState title="No such card can be inside" /></li>}
        </ul>
        {found.length > SHOWN && <p className="text-2xs text-muted">{plural(found.length - SHOWN, "more card")}; search to find them.</p>}
        <FormError>{enter.error && messageOf(enter.error)}</FormError>
        <div className="flex items-center justify-end gap-2">
          <span className="num mr-auto text-xs text-muted" aria-live="polite">{plural(lines.reduce((all, line) => all + line.quantity, 0), "card")} counted</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" disabled={!isQuantity || lines.length === 0 || enter.isPending}>Book the opening</Button>
        </div>
      </form>
    </Sheet>
  );
}
