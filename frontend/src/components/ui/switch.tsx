import clsx from "clsx";

interface SwitchProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** On or off, at once; the label is read out and shown as tooltip. */
export function Switch({ label, checked, disabled, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => onChange(!checked)}
      className="grid h-11 w-11 shrink-0 place-items-center rounded-lg disabled:opacity-50 sm:h-8"
    >
      <span aria-hidden className={clsx("flex h-5 w-9 items-center rounded-full border px-0.5 transition-colors", checked ? "border-transparent bg-accent-solid" : "border-line-strong bg-sunken")}>
        <span className={clsx("size-3.5 rounded-full transition-transform", checked ? "translate-x-4 bg-white" : "bg-muted")} />
      </span>
    </button>
  );
}
