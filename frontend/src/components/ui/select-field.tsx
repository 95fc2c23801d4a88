interface SelectFieldProps<T extends string> {
  label: string;
  value: T | undefined;
  /** The text of the choice that means "no filter". */
  anyLabel: string;
  options: readonly { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
}

/** One choice of a list, or none. A value that the list lacks is kept as its own choice. */
export function SelectField<T extends string>({ label, value, anyLabel, options, onChange }: SelectFieldProps<T>) {
  const isKnown = value === undefined || options.some((option) => option.value === value);
  return (
    <label className="block min-w-0">
      <span className="mb-1 block text-xs text-muted">{label}</span>
      <select className="field w-full" value={value ?? ""} onChange={(event) => onChange((event.target.value || undefined) as T | undefined)}>
        <option value="">{anyLabel}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>{option.label}</option>
        ))}
        {!isKnown && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}
