import type { OrderDraft } from "../hooks/use-execute-dialog";

interface ExecuteFieldsProps {
  draft: OrderDraft;
  onChange: (patch: Partial<OrderDraft>) => void;
  disclaimer: string | undefined;
}

function Field({ label, value, onChange, ...input }: { label: string; value: string; onChange: (value: string) => void } & Omit<React.InputHTMLAttributes<HTMLInputElement>, "onChange" | "value">) {
  return (
    <label className="block min-w-0">
      <span className="mb-1 block text-xs text-muted">{label}</span>
      <input className="field num w-full" autoComplete="off" value={value} onChange={(event) => onChange(event.target.value.trim())} {...input} />
    </label>
  );
}

/** How many, under which limits of one's own, and that one has looked. */
export function ExecuteFields({ draft, onChange, disclaimer }: ExecuteFieldsProps) {
  return (
    <>
      <div className="grid grid-cols-3 gap-3">
        <Field label="Quantity" type="number" inputMode="numeric" min={1} step={1} value={draft.quantity} onChange={(quantity) => onChange({ quantity })} />
        <Field label="Pay at most, each" inputMode="decimal" placeholder="as now +2 %" value={draft.maxCost} onChange={(maxCost) => onChange({ maxCost })} />
        <Field label="Net margin at least, %" inputMode="decimal" placeholder="no limit" value={draft.minMargin} onChange={(minMargin) => onChange({ minMargin })} />
      </div>
      <label className="block">
        <span className="mb-1 block text-xs text-muted">Note</span>
        <input className="field w-full" maxLength={500} placeholder="optional" value={draft.note} onChange={(event) => onChange({ note: event.target.value })} />
      </label>
      <div className="rounded-lg border px-3 py-2">
        <label className="flex items-start gap-2.5 text-[0.8125rem]">
          <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent-solid" checked={draft.isAccepted} onChange={(event) => onChange({ isAccepted: event.target.checked })} />
          I have checked stock and prices, and I accept the conditions.
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
