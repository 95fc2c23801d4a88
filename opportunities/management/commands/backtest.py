"""`manage.py backtest`: replay stored history and say what its signals would have brought."""

from argparse import ArgumentParser
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog.choices import Category
from common.clock import utc_now
from common.commands import ArbsiteCommand, Progress, UsageError
from opportunities.backtest import (
    BacktestTerms,
    Period,
    abandon_backtest,
    open_backtest,
    run_backtest,
)
from opportunities.choices import BacktestState
from opportunities.models import Backtest

DEFAULT_DAYS = 30


class Command(ArbsiteCommand):
    help = "Replay stored prices day by day with the live analysis, and judge its signals some days later."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="from_day", metavar="DAY", help="First day, YYYY-MM-DD.")
        parser.add_argument("--to", dest="to_day", metavar="DAY", help="Day after the last (default: today).")
        parser.add_argument("--horizon", type=int, default=7, metavar="DAYS", help="Sell so much later.")
        parser.add_argument("--source", metavar="CODE", help="Buy at this source only.")
        parser.add_argument("--category", choices=Category.values, help="This game only.")
        parser.add_argument("--floor", metavar="PRICE", help="Cheaper singles are not sold one by one.")
        parser.add_argument(
            "--fee-rate", metavar="SHARE", help="Flat fee, such as 0.1, instead of the venue's."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        period = _period(options, now.date())
        terms = BacktestTerms(
            source=options["source"],
            category=options["category"],
            floor=_figure(options["floor"], "--floor"),
            fee_rate=_figure(options["fee_rate"], "--fee-rate"),
        )
        backtest = open_backtest(period, terms=terms, actor=None, now=now)
        try:
            with self.progress("Back-test") as progress:
                run_backtest(backtest.pk, now=now, watch=_Foreground(progress))
        except KeyboardInterrupt:
            abandon_backtest(backtest.pk, state=BacktestState.CANCELLED, error="Interrupted.", now=utc_now())
            raise
        except Exception as error:
            abandon_backtest(
                backtest.pk, state=BacktestState.FAILED, error=type(error).__name__, now=utc_now()
            )
            raise
        backtest.refresh_from_db()
        self.emit(_facts(backtest), _text(backtest))


class _Foreground:
    """Shows a command's progress; nothing but Ctrl+C stops it."""

    seconds_left = float("inf")

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        if total is not None and self._progress.total != total:
            self._progress.set_total(total)
        self._progress(done - self._progress.done, note)

    def check(self) -> None:
        """Go on."""


def _period(options: dict[str, Any], today: date) -> Period:
    to_day = _day(options["to_day"], "--to") or today
    from_day = _day(options["from_day"], "--from") or to_day - timedelta(days=DEFAULT_DAYS)
    return Period(from_day, to_day, options["horizon"])


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name} takes a day such as 2026-09-01, not {text!r}.") from None


def _figure(text: str | None, name: str) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UsageError(f"{name} takes a number such as 0.05, not {text!r}.") from None


def _facts(backtest: Backtest) -> dict[str, Any]:
    return {
        "id": str(backtest.pk),
        "from_day": backtest.from_day,
        "to_day": backtest.to_day,
        "horizon_days": backtest.horizon_days,
        "parameters": backtest.parameters,
        "algorithm_version": backtest.algorithm_version,
        "signal_count": backtest.signal_count,
        "summary": backtest.summary,
    }


def _text(backtest: Backtest) -> str:
    summary = backtest.summary
    lines = [
        f"{backtest.from_day} to {backtest.to_day}, sold {backtest.horizon_days} days later:"
        f" {backtest.signal_count:,} signals ({backtest.pk})."
    ]
    for currency, row in summary["currencies"].items():
        lines.append(
            f"  {currency}: {row['signals']:,} signals, {row['first_signals']:,} of them new;"
            f" {row['judged']:,} judged, {_share(row['hit_rate'])} with a profit;"
            f" {row['profit_per_signal'] or '–'} per signal, {row['median_profit'] or '–'} in the middle,"
            f" {row['total_profit'] or '–'} in all (expected {row['expected_profit'] or '–'})."
        )
    lines += [
        f"    {row['currency']} {row['risk_level']:<6} {row['signals']:>6,} signals,"
        f" {_share(row['hit_rate'])} with a profit, {row['profit_per_signal'] or '–'} per signal"
        for row in summary["by_risk"]
    ]
    if summary["brier"] is not None:
        lines.append(
            f"  Brier score of the chance of profit {summary['brier']} (0 is best, 0.25 is a guess)."
        )
    left_out = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in summary["left_out"].items())
    if left_out:
        lines.append(f"  Left out: {left_out}.")
    changed = summary["contents"]["changed_since"]
    lines.append(f"  Contents as known today; {changed} of the products were corrected since the first day.")
    return "\n".join(lines)


def _share(text: str | None) -> str:
    return "–" if text is None else f"{Decimal(text) * 100:.1f} %"
