import clsx from "clsx";

import type { Decimal } from "@/lib/decimal";
import { formatMoney, formatPercent, toneOf } from "@/lib/format";

const TONE_CLASS = { gain: "text-gain", loss: "text-loss", even: "" } as const;

interface MoneyProps {
  amount: Decimal | null | undefined;
  currency: string;
  /** Show a plus sign and the colour of gain or loss. */
  signed?: boolean;
  className?: string;
}

/** An amount with its currency, digits aligned, no digit lost. */
export function Money({ amount, currency, signed = false, className }: MoneyProps) {
  return (
    <span className={clsx("num whitespace-nowrap", signed && TONE_CLASS[toneOf(amount)], className)}>
      {formatMoney(amount, currency, signed ? "always" : "auto")}
    </span>
  );
}

interface MarginProps {
  value: Decimal | null | undefined;
  muted?: boolean;
  className?: string;
}

/** A margin in percent with its sign; muted for a figure that must not be acted on. */
export function Margin({ value, muted = false, className }: MarginProps) {
  return (
    <span className={clsx("num whitespace-nowrap", muted ? "text-muted" : TONE_CLASS[toneOf(value)], className)}>
      {formatPercent(value, 1, "always")}
    </span>
  );
}
