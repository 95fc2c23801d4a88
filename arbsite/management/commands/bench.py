"""`manage.py bench`: measure the product's own code against the naive way."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from arbsite.bench.runner import SCENARIOS, render, run_scenarios
from common.commands import EXIT_FAILURE, ArbsiteCommand, UsageError


class Command(ArbsiteCommand):
    help = (
        "Measure ingest, latest prices, analysis and value distributions against the naive way, in a scratch"
        " database that is dropped afterwards. Takes a few minutes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "scenarios", nargs="*", metavar="SCENARIO", help=f"Of {', '.join(SCENARIOS)}; none: all."
        )
        parser.add_argument(
            "--scenario", action="append", default=[], metavar="SCENARIO", help="The same, by option."
        )
        parser.add_argument(
            "--quick", action="store_true", help="Tiny sizes: shows that it works, measures nothing."
        )
        parser.add_argument("--strict", action="store_true", help="Exit 1 when a target is missed.")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [*options["scenarios"], *options["scenario"]]
        unknown = [name for name in names if name not in SCENARIOS]
        if unknown:
            raise UsageError(f"Unknown scenario {', '.join(unknown)}; there are {', '.join(SCENARIOS)}.")
        with self.progress("Benchmarks", total=len(names) or len(SCENARIOS)) as progress:
            report = run_scenarios(names, is_quick=options["quick"], started=lambda name: progress(1, name))
        self.emit(report.as_json(), "\n".join(render(report)))
        if report.has_crashed:
            raise CommandError("A scenario crashed; its error is in the report.", returncode=EXIT_FAILURE)
        if options["strict"] and report.is_short:
            raise CommandError("A target is missed.", returncode=EXIT_FAILURE)
