import { ArrowLeftIcon } from "@heroicons/react/20/solid";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { SignedBars } from "@/components/charts/signed-bars";
import { Button } from "@/components/ui/button";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";
import { Segmented } from "@/components/ui/segmented";
import { Stat } from "@/components/ui/stat";
import { EmptyState, QueryState, Skeleton } from "@/components/ui/states";
import { Term } from "@/components/ui/term";
import { formatCount, formatFraction, formatMoney, humanise, plural } from "@/lib/format";

import { isUnderWay, useBacktest, type BacktestDetail, type BacktestSummary, type Totals } from "../api/backtests";
import { BacktestBadge, periodOf, termsOf } from "./backtest-list";
import { SignalTable } from "./signal-table";
import { SplitTable } from "./split-table";
import { CalibrationBody } from "./calibration-report";

function Headline({ totals, currency }: { totals: Totals; currency: string }) {
  return (
    <dl className="grid grid-cols-2 divide-line border-t max-md:divide-y md:grid-cols-5 md:divide-x">
      <Stat label="Signals" hint={`${formatCount(totals.first_signals)} first ones, ${formatCount(totals.judged)} judged`}>{formatCount(totals.signals)}</Stat>
      <Stat label="Hit rate" hint={totals.first_hit_rate && `first signals ${formatFraction(totals.first_hit_rate)}`} emphasis>{formatFraction(totals.hit_rate)}</Stat>
      <Stat label="Profit per signal" hint={totals.profit_per_first_signal && `first signals ${formatMoney(totals.profit_per_first_signal, currency, "always")}`}>{formatMoney(totals.profit_per_signal, currency, "always")}</Stat>
      <Stat label="Median profit">{formatMoney(totals.median_profit, currency, "always")}</Stat>
      <Stat label="Total profit" hint={totals.expected_profit && `expected ${formatMoney(totals.expected_profit, currency, "always")}`}>{formatMoney(totals.total_profit, currency, "always")}</Stat>
    </dl>
  );
}

function Summary({ summary, id }: { summary: BacktestSummary; id: string }) {
  const currencies = Object.keys(summary.currencies);
  const [chosen, setChosen] = useState(currencies[0] ?? "EUR");
  const totals = summary.currencies[chosen];
  const days = summary.days.filter(({ currency }) => currency === chosen);
  if (!totals) return <EmptyState title="No signals in this time">Nothing passed the gates on any of these days: see what was left out below.</EmptyState>;
  return (
    <>
      <Section title="Outcome" bodyClass="" note={<><Term id="hit_rate" /> and profit over the judged signals; <Term id="first_signal">first signals</Term> count a run of days once.</>} actions={currencies.length > 1 && <Segmented label="Currency" value={chosen} options={currencies.map((value) => ({ value, label: value }))} onChange={setChosen} />}>
        <Headline totals={totals} currency={chosen} />
      </Section>
      <Section title="Day by day" note="What the signals of each day brought.">
        <SignedBars label={`Profit per day in ${chosen}`} currency={chosen} bars={days.map(({ day, profit }) => ({ key: day, label: day.slice(5), value: profit }))} />
      </Section>
      <div className="grid items-start gap-3 xl:grid-cols-3">
        <SplitTable title="By risk" rows={summary.by_risk} currency={chosen} />
        <SplitTable title="By game" rows={summary.by_category} currency={chosen} />
        <SplitTable title="By source" rows={summary.by_source} currency={chosen} />
      </div>
      <Section title="Calibration" note={<>Of the stated chance of profit. Points on the diagonal: <Term id="calibration">chances mean what they say</Term>.</>}>
        <CalibrationBody bins={summary.calibration} brier={summary.brier} />
      </Section>
      <SignalTable id={id} />
      {(summary.notes.length > 0 || Object.keys(summary.left_out).length > 0) && (
        <Section title="What to know about it">
          <ul className="list-disc space-y-1 pl-5 text-xs text-muted">
            {Object.entries(summary.left_out).map(([reason, count]) => <li key={reason}>{plural(count, "signal")} left out: {humanise(reason).toLowerCase()}</li>)}
            {summary.notes.map((note) => <li key={note}>{note}</li>)}
          </ul>
        </Section>
      )}
    </>
  );
}

function Progress({ backtest }: { backtest: BacktestDetail }) {
  const { progress_done: done, progress_total: total } = backtest;
  return (
    <div className="card p-5">
      <p className="mb-2 text-[0.8125rem] font-medium">{backtest.state === "queued" ? "Waiting for a worker" : "Replaying day by day"}</p>
      <ProgressBar label="Progress of the back-test" done={done ?? 0} total={total ?? 0} />
      <p className="num mt-1.5 text-2xs text-muted">{total ? `${formatCount(done ?? 0)} of ${formatCount(total)} days` : "starting"} · <Link to="/jobs" className="text-accent underline">all jobs</Link></p>
    </div>
  );
}

/** One back-test: how far it is, or what came out. */
export function BacktestResult({ id, onBack }: { id: string; onBack: () => void }) {
  const query = useBacktest(id);
  return (
    <QueryState query={query} skeleton={<Skeleton className="h-72" />}>
      {(backtest) => (
        <div className="space-y-3">
          <div className="flex flex-wrap items-center gap-3">
            <Button onClick={onBack}><ArrowLeftIcon aria-hidden className="size-4" />All back-tests</Button>
            <div className="min-w-0">
              <h2 className="flex items-center gap-2 text-sm font-semibold">{periodOf(backtest)} <BacktestBadge state={backtest.state} /></h2>
              <p className="text-2xs text-muted">{termsOf(backtest)} · sold after {plural(backtest.horizon_days, "day")} · rules {backtest.algorithm_version}</p>
            </div>
          </div>
          {isUnderWay(backtest) && <Progress backtest={backtest} />}
          {backtest.error && <p role="alert" className="rounded-lg bg-loss-soft px-3 py-2 text-xs text-loss">{backtest.error}</p>}
          {backtest.summary && <Summary summary={backtest.summary} id={id} />}
        </div>
      )}
    </QueryState>
  );
}
