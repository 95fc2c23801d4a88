import clsx from "clsx";
import type { ButtonHTMLAttributes } from "react";

type Look = "solid" | "outline" | "ghost" | "danger";

const LOOKS: Record<Look, string> = {
  solid: "bg-accent-solid text-white hover:brightness-110 border border-transparent",
  danger: "bg-loss-soft text-loss border border-loss-strong/50 hover:border-loss-strong",
  outline: "border bg-surface text-ink hover:border-line-strong hover:bg-sunken",
  ghost: "text-muted hover:bg-sunken hover:text-ink border border-transparent",
};

export function buttonClass(look: Look = "outline", isIcon = false): string {
  return clsx(
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg text-[0.8125rem] font-medium whitespace-nowrap",
    "transition-colors disabled:opacity-50 h-11 sm:h-9",
    isIcon ? "w-11 sm:w-9" : "px-3",
    LOOKS[look],
  );
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
}

export function Button({ look = "outline", className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={clsx(buttonClass(look), className)} {...rest} />;
}

interface IconButtonProps extends ButtonProps {
  label: string;
}

/** A button that shows only an icon; the label is its name and tooltip. */
export function IconButton({ look = "ghost", label, className, type = "button", ...rest }: IconButtonProps) {
  return (
    <button type={type} aria-label={label} title={label} className={clsx(buttonClass(look, true), className)} {...rest} />
  );
}
