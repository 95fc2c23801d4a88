import { useState, type ReactNode } from "react";

interface FlashProps {
  /** A change of this lights the figure up for a moment, where it stands. */
  value: string | number | null | undefined;
  className?: string;
  children: ReactNode;
}

export function Flash({ value, className = "", children }: FlashProps) {
  const [first] = useState(value);
  return <span key={value ?? ""} className={`rounded-sm ${value === first ? "" : "animate-flash"} ${className}`}>{children}</span>;
}
