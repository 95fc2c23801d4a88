"""`manage.py import_fx FILE`: exchange rates from a CSV file."""

import argparse
from pathlib import Path
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand
from pricing.importers.files import read_content
from pricing.importers.fx import parse_fx
from pricing.services import record_fx_rates


class Command(ArbsiteCommand):
    help = "Import exchange rates from a CSV file with the columns date, base, quote, bid, ask, source."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        rates = parse_fx(read_content(options["file"]))
        report = record_fx_rates(rates, actor=None, now=utc_now())
        self.emit(
            {"rates_read": len(rates), "rates_stored": report.stored, "rates_known": report.known},
            f"Stored {report.stored:,} rates, already known {report.known:,}.",
        )
