import { useEffect, useRef, type ReactNode } from "react";

/** A figure that changes all the time needs no light, and many lights at once cost more than the figures. */
const REST_MS = 3_000;
const FLASH_MS = 1_200;
const MOST_AT_ONCE = 24;

let lit = 0;

interface FlashProps {
  /** A change of this lights the figure up for a moment, where it stands. */
  value: string | number | null | undefined;
  className?: string;
  children: ReactNode;
}

export function Flash({ value, className = "", children }: FlashProps) {
  const element = useRef<HTMLSpanElement>(null);
  const seen = useRef(value);
  const litAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (seen.current === value) return;
    seen.current = value;
    const target = element.current;
    const now = performance.now();
    if (!target || typeof target.animate !== "function" || lit >= MOST_AT_ONCE || now - litAt.current < REST_MS) return;
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    litAt.current = now;
    lit += 1;
    const colour = getComputedStyle(target).getPropertyValue("--accent-soft");
    const light = target.animate([{ backgroundColor: colour }, { backgroundColor: "transparent" }], { duration: FLASH_MS, easing: "ease-out" });
    const out = () => (lit -= 1);
    light.addEventListener("finish", out);
    light.addEventListener("cancel", out);
  }, [value]);
  return <span ref={element} className={`rounded-sm ${className}`}>{children}</span>;
}
