"""`manage.py backfill --source FILE`: historic prices of our CSV format, through the importer's gates."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError
from pricing.importers.period import Period
from pricing.models import PriceSource
from pricing.services import ImportOptions, import_price_files

from .import_prices import report_lines, report_problems


def moment(text: str) -> datetime:
    """Read a day (its beginning in UTC) or a time with a zone."""
    try:
        found = parse_datetime(text) if len(text) > len("2026-11-21") else None
        day = None if found else parse_date(text)
    except ValueError:
        found = day = None
    if found is None and day is not None:
        found = datetime.combine(day, time.min, tzinfo=UTC)
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a day (2026-11-21) nor a time with a zone (2026-11-21T12:00:00Z)"
        )
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise argparse.ArgumentTypeError(f"{text!r} lies outside the calendar") from None


class Command(ArbsiteCommand):
    help = (
        "Load prices of the past from CSV price lists (docs/csv-prices.md) whose lines say when they were "
        "observed. What fails a quality gate is held for a decision; lines that are stored already change "
        "nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--source", dest="files", action="append", type=Path, required=True, metavar="FILE",
            help="CSV price list, plain or gzip; may be repeated.",
        )  # fmt: skip
        parser.add_argument("--from", dest="since", type=moment, metavar="TIME", help="From this time on.")
        parser.add_argument("--to", dest="until", type=moment, metavar="TIME", help="Before this time.")
        parser.add_argument(
            "--price-source", action="append", default=[], metavar="CODE",
            help="Only lines of this price source; may be repeated.",
        )  # fmt: skip
        parser.add_argument("--decimal-mark", choices=[".", ","], default=".", help="Of the amounts.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Read and judge everything, store nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        since, until = options["since"], options["until"]
        if since and until and since >= until:
            raise UsageError("--from must lie before --to.")
        wanted = frozenset(options["price_source"])
        unknown = wanted - set(PriceSource.objects.filter(code__in=wanted).values_list("code", flat=True))
        if unknown:
            raise UsageError(f"--price-source: there is no {', '.join(sorted(map(repr, unknown)))}.")
        with self.progress("Prices") as progress:
            report = import_price_files(
                options["files"],
                file_format="csv",
                now=now,
                options=ImportOptions(
                    is_dry_run=options["dry_run"],
                    decimal_mark=options["decimal_mark"],
                    progress=progress,
                    period=Period(since, until, wanted),
                ),
            )
        # That prices of the past are stale is no news here.
        lines = [line for line in report_lines(report) if "--recorded-at" not in line]
        self.emit({**asdict(report), "error_count": report.error_count}, "\n".join(lines))
        if report.error_count:
            raise PartlyDone("\n".join(report_problems(report)))
