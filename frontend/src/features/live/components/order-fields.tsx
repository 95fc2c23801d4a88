import { InputField } from "@/components/ui/field";

import type { SpreadDraft } from "../hooks/use-spread-order";

interface OrderFieldsProps {
  draft: SpreadDraft;
  onChange: (patch: Partial<SpreadDraft>) => void;
  unit: string;
  disclaimer: string | undefined;
}

/** How many, under which limits of one's own, and that one has looked. */
export function OrderFields({ draft, onChange, unit, disclaimer }: OrderFieldsProps) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <InputField label={`Quantity, ${unit}`} inputMode="decimal" autoComplete="off" className="[&_input]:font-semibold" value={draft.quantity} onChange={(quantity) => onChange({ quantity: quantity.trim() })} />
        <InputField label="Net spread at least, bps" inputMode="decimal" autoComplete="off" placeholder="above 0" value={draft.minBps} onChange={(minBps) => onChange({ minBps: minBps.trim() })} />
      </div>
      <details className="rounded-lg border px-3 py-1.5 text-xs">
        <summary className="cursor-pointer py-3 font-medium text-accent sm:py-1">Limits of price, note</summary>
        <div className="mt-1.5 mb-1 grid grid-cols-2 gap-3">
          <InputField label="Buy at most, each" inputMode="decimal" autoComplete="off" placeholder="no limit" value={draft.maxBuy} onChange={(maxBuy) => onChange({ maxBuy: maxBuy.trim() })} />
          <InputField label="Sell at least, each" inputMode="decimal" autoComplete="off" placeholder="no limit" value={draft.minSell} onChange={(minSell) => onChange({ minSell: minSell.trim() })} />
          <InputField className="col-span-2" label="Note" maxLength={500} placeholder="optional" value={draft.note} onChange={(note) => onChange({ note })} />
        </div>
      </details>
      <div className="rounded-lg border px-3 py-2">
        <label className="flex items-start gap-2.5 py-1 text-[0.8125rem] max-sm:min-h-11">
          <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent-solid" checked={draft.isAccepted} onChange={(event) => onChange({ isAccepted: event.target.checked })} />
          I have looked at both legs, and I accept the conditions: a leg can fail, and what is then open is unwound at the prices of that moment.
        </label>
        {disclaimer && (
          <details className="mt-1 pl-6.5 text-xs text-muted">
            <summary className="font-medium text-accent">Read the conditions</summary>
            <p className="mt-1">{disclaimer}</p>
          </details>
        )}
      </div>
    </>
  );
}
