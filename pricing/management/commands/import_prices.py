"""`manage.py import_prices cardmarket|tcgcsv|csv FILE…`: price files into history and current prices."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone
from pricing.choices import QuarantineReason
from pricing.services import FORMATS, ImportOptions, ImportReport, import_price_files

PROBLEMS_SHOWN = 20


def moment(text: str) -> datetime | None:
    """Read `now` (as None) or an ISO 8601 time with a zone."""
    if text == "now":
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither `now` nor a time like 2026-11-20T03:00:00Z"
        ) from None
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone; add Z for UTC")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise argparse.ArgumentTypeError(f"{text!r} lies outside the calendar") from None


class Command(ArbsiteCommand):
    help = "Import Cardmarket price guides, tcgcsv groups, or our CSV price lists (docs/csv-prices.md)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("format", choices=FORMATS)
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="plain or gzip; tcgcsv also a folder"
        )
        parser.add_argument(
            "--recorded-at",
            type=moment,
            default=argparse.SUPPRESS,
            metavar="TIME|now",
            help="when the prices were observed (default: what the file says)",
        )
        parser.add_argument(
            "--decimal-mark", choices=[".", ","], default=".", help="of amounts in a CSV price list"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and judge everything, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        with self.progress("Prices") as progress:
            report = import_price_files(
                options["files"],
                file_format=options["format"],
                now=now,
                options=ImportOptions(
                    recorded_at=(options["recorded_at"] or now) if "recorded_at" in options else None,
                    is_dry_run=options["dry_run"],
                    decimal_mark=options["decimal_mark"],
                    progress=progress,
                ),
            )
        self.emit({**asdict(report), "error_count": report.error_count}, "\n".join(report_lines(report)))
        if report.error_count:
            raise PartlyDone("\n".join(report_problems(report)))


def report_lines(report: ImportReport) -> list[str]:
    """Return what an import did, in words."""
    skipped = dict(report.skipped)
    unmatched, articles = skipped.pop("unmatched", 0), skipped.pop("unmatched_articles", 0)
    lines = [
        f"{', '.join(report.sources)}, prices of {report.recorded_at:%Y-%m-%d %H:%M} UTC: "
        f"{report.rows_read:,} rows, {report.prices_read:,} prices.",
        f"Stored {report.prices_stored:,}, already known {report.prices_known:,}, held for review "
        f"{report.prices_quarantined:,}{_counts(report.quarantined)}.",
        f"Not in the catalogue: {articles:,} articles with {unmatched:,} prices.",
    ]
    if skipped:
        lines.append(f"Left out{_counts(skipped)}.")
    if report.is_stale:
        lines.append(
            f"These prices are stale: they are older than {settings.PRICE_MAX_AGE_HOURS} hours and raise no "
            "opportunity. Give --recorded-at now to treat them as today's."
        )
    if report.is_dry_run:
        lines.append("Dry run: nothing was stored.")
    return lines


def _counts(counts: Mapping[str, int]) -> str:
    labels = {value: label.lower() for value, label in QuarantineReason.choices}
    named = [f"{labels.get(name, name.replace('_', ' '))} {count:,}" for name, count in counts.items()]
    return f" ({', '.join(named)})" if named else ""


def report_problems(report: ImportReport) -> list[str]:
    """Return what was wrong with some rows, the first ones word for word."""
    shown = [f"  {problem.row}: {problem.reason}" for problem in report.problems[:PROBLEMS_SHOWN]]
    more = len(report.problems) - len(shown)
    return [
        f"{report.error_count:,} rows or prices were wrong and left out; the rest is stored."
        if not report.is_dry_run
        else f"{report.error_count:,} rows or prices are wrong and would be left out.",
        *shown,
        *([f"  … and {more:,} more"] if more else []),
    ]
