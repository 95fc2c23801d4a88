import clsx from "clsx";
import { useEffect, useEffectEvent, useState } from "react";

const SETTLE_MS = 400;

interface TextFieldProps {
  label: string;
  hideLabel?: boolean;
  value: string | undefined;
  placeholder?: string;
  type?: "text" | "search";
  inputMode?: "decimal" | "search";
  isValid?: (text: string) => boolean;
  className?: string;
  onCommit: (value: string | undefined) => void;
}

/** A text field whose value settles a moment after the last key, or at once on Enter and on leaving. */
export function TextField(props: TextFieldProps) {
  const { label, hideLabel = false, value, placeholder, type = "text", inputMode, isValid, className } = props;
  const [draft, setDraft] = useState(value ?? "");
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    setDraft(value ?? "");
  }
  const text = draft.trim();
  const fits = text === "" || !isValid || isValid(text);
  const commit = useEffectEvent(() => {
    if (fits && text !== (value ?? "")) props.onCommit(text || undefined);
  });
  useEffect(() => {
    const timer = setTimeout(() => commit(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [draft]);

  const commitNow = () => {
    if (fits && text !== (value ?? "")) props.onCommit(text || undefined);
  };
  return (
    <label className={clsx("block min-w-0", className)}>
      <span className={hideLabel ? "sr-only" : "mb-1 block text-xs text-muted"}>{label}</span>
      <input
        className="field num w-full"
        type={type}
        inputMode={inputMode}
        value={draft}
        placeholder={placeholder}
        aria-invalid={!fits}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commitNow}
        onKeyDown={(event) => {
          if (event.key === "Enter") commitNow();
          if (event.key === "Escape" && draft !== (value ?? "")) {
            event.stopPropagation();
            setDraft(value ?? "");
          }
        }}
      />
    </label>
  );
}
