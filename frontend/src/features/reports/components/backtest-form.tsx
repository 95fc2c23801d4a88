import { useState, type FormEvent } from "react";

import { fieldErrorsOf, messageOf } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { ChoiceField, FormError, InputField } from "@/components/ui/field";
import { Sheet } from "@/components/ui/sheet";
import { Term } from "@/components/ui/term";
import { fromPercent, isDecimal } from "@/lib/decimal";
import { CATEGORIES, SOURCES } from "@/lib/vocabulary";

import { useStartBacktest, type BacktestOrder } from "../api/backtests";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

interface Draft {
  from_day: string;
  to_day: string;
  horizon_days: string;
  source: string;
  category: string;
  floor: string;
  fee_percent: string;
}

export function orderOf(draft: Draft): BacktestOrder {
  return {
    from_day: draft.from_day,
    to_day: draft.to_day,
    horizon_days: Number(draft.horizon_days),
    ...(draft.source && { source: draft.source }),
    ...(draft.category && { category: draft.category }),
    ...(draft.floor && { floor: draft.floor }),
    ...(draft.fee_percent && { fee_rate: fromPercent(draft.fee_percent) }),
  };
}

function problemsOf(draft: Draft): Partial<Record<keyof Draft, string>> {
  const horizon = Number(draft.horizon_days);
  return {
    ...(draft.from_day >= draft.to_day && { to_day: "The end lies after the first day." }),
    ...(!(Number.isInteger(horizon) && horizon >= 1 && horizon <= 90) && { horizon_days: "From 1 to 90 days." }),
    ...(draft.floor && !isDecimal(draft.floor) && { floor: "Give an amount: 1.00" }),
    ...(draft.fee_percent && !(isDecimal(draft.fee_percent) && Number(draft.fee_percent) <= 100) && { fee_percent: "Give a percentage: 5" }),
  };
}

/** Which days to replay, on which terms. */
export function BacktestForm({ now, onStarted, onClose }: { now: number; onStarted: (id: string) => void; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>({ from_day: dayOf(now - (DEFAULT_DAYS + 7) * DAY_MS), to_day: dayOf(now - 7 * DAY_MS), horizon_days: "7", source: "", category: "", floor: "", fee_percent: "" });
  const start = useStartBacktest();
  const problems = problemsOf(draft);
  const refused = fieldErrorsOf(start.error);
  const field = (name: keyof Draft) => ({ value: draft[name], onChange: (value: string) => setDraft({ ...draft, [name]: value }), error: problems[name] ?? refused[name === "fee_percent" ? "fee_rate" : name] });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(problems).length === 0) start.mutate(orderOf(draft), { onSuccess: ({ backtest }) => onStarted(backtest.id) });
  };
  return (
    <Sheet title="New back-test" isOpen onClose={onClose}>
      <form onSubmit={submit} className="space-y-4">
        <p className="text-xs text-muted">Replays stored history day by day with the prices and fees known on each day, then looks up what the cards brought some days later.</p>
        <div className="grid grid-cols-2 gap-3">
          <InputField label="First day" type="date" required {...field("from_day")} />
          <InputField label="Day after the last" type="date" required max={dayOf(now)} {...field("to_day")} />
        </div>
        <InputField label="Horizon, days" inputMode="numeric" required hint={<>The cards are sold so many days later (<Term id="horizon" />).</>} {...field("horizon_days")} />
        <div className="grid grid-cols-2 gap-3">
          <ChoiceField label="Bought at" options={[{ value: "", label: "Any source" }, ...SOURCES]} {...field("source")} />
          <ChoiceField label="Game" options={[{ value: "", label: "All games" }, ...CATEGORIES]} {...field("category")} />
          <InputField label="Floor" inputMode="decimal" placeholder="as set" hint="Cheaper cards count nothing." {...field("floor")} />
          <InputField label="Selling fee, %" inputMode="decimal" placeholder="as on the market" {...field("fee_percent")} />
        </div>
        <FormError>{start.isError && Object.keys(refused).length === 0 && messageOf(start.error)}</FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" disabled={start.isPending || Object.keys(problems).length > 0}>Start</Button>
        </div>
      </form>
    </Sheet>
  );
}
