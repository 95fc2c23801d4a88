import clsx from "clsx";
import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from "react";

interface FieldProps {
  label: string;
  /** Under the control: what to enter, in which unit. */
  hint?: ReactNode;
  error?: string;
  hideLabel?: boolean;
  className?: string;
}

interface FrameProps extends FieldProps {
  children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}

/** Label, control, hint and error, tied together for screen readers. */
export function Field({ label, hint, error, hideLabel = false, className, children }: FrameProps) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div className={clsx("min-w-0", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1 block text-xs text-muted"}>{label}</label>
      {children({ id, describedBy })}
      {hint && <p id={`${id}-hint`} className="mt-1 text-2xs text-muted">{hint}</p>}
      {error && <p id={`${id}-error`} className="mt-1 text-2xs font-medium text-loss">{error}</p>}
    </div>
  );
}

type InputProps = FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "onChange"> & { onChange: (value: string) => void };

export function InputField({ label, hint, error, hideLabel, className, onChange, ...rest }: InputProps) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel} className={className}>
      {({ id, describedBy }) => (
        <input id={id} aria-describedby={describedBy} aria-invalid={error ? true : undefined} className="field w-full" onChange={(event) => onChange(event.target.value)} {...rest} />
      )}
    </Field>
  );
}

type ChoiceProps<T extends string> = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "onChange" | "value"> & {
    value: T;
    options: readonly { value: T; label: string }[];
    onChange: (value: T) => void;
  };

/** One of a list, always chosen. */
export function ChoiceField<T extends string>({ label, hint, error, hideLabel, className, value, options, onChange, ...rest }: ChoiceProps<T>) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel} className={className}>
      {({ id, describedBy }) => (
        <select id={id} aria-describedby={describedBy} className="field w-full" value={value} onChange={(event) => onChange(event.target.value as T)} {...rest}>
          {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  className?: string;
}

export function CheckField({ label, hint, checked, disabled, onChange, className }: CheckProps) {
  return (
    <label className={clsx("flex min-h-11 items-start gap-2.5 py-1.5 text-[0.8125rem] sm:min-h-8", disabled && "opacity-60", className)}>
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-(--accent-solid)" checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className="block text-2xs text-muted">{hint}</span>}
      </span>
    </label>
  );
}

/** What the whole form was refused for. */
export function FormError({ children }: { children: ReactNode }) {
  if (!children) return null;
  return <p role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">{children}</p>;
}
