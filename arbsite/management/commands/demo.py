"""`manage.py demo`: install, refresh or remove the invented market."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from arbsite.demo.install import STEPS, DemoReport, install_demo
from arbsite.demo.market import Size
from arbsite.demo.removal import remove_demo
from arbsite.schedule import sync_schedule
from common.clock import utc_now
from common.commands import ArbsiteCommand


class Command(ArbsiteCommand):
    help = (
        "Install an invented market: a catalogue and months of prices, written as files and imported like"
        " real ones. Run it again to bring the prices up to now. It refuses to mix with real products."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=[size.value for size in Size], default=Size.MEDIUM.value)
        parser.add_argument("--seed", type=int, default=7, help="The same seed gives the same market.")
        parser.add_argument(
            "--reset", action="store_true", help="Remove exactly the demo rows and files instead."
        )
        parser.add_argument("--force", action="store_true", help="Install even though real products exist.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.VAR_DIR / "demo"
        if options["reset"]:
            removal = remove_demo(now=utc_now(), folder=folder)
            sync_schedule()
            text = f"Removed {removal.products} demo products and all that belonged to them."
            self.emit({"removed": removal.rows}, text)
            return
        with self.progress("Demo market", total=STEPS) as progress:
            report = install_demo(
                size=Size(options["size"]),
                seed=options["seed"],
                now=utc_now(),
                folder=folder,
                is_forced=options["force"],
                tell=progress,
            )
        self.emit(report.as_data(), _text(report))


def _text(report: DemoReport) -> str:
    review = f", {report.needs_review} to be reviewed" if report.needs_review else ""
    return (
        f"Demo market of {report.products} products ({report.sealed} sealed): {report.days} days of prices,"
        f" {report.prices_stored:,} stored, {report.prices_quarantined} held back,"
        f" {report.opportunities} opportunities{review}. {report.seconds} s. Files in {report.folder}"
    )
