"""`manage.py simulate`: run the simulator of all venues in the foreground."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from common.commands import ArbsiteCommand, UsageError
from scrapers.simulator.faults import demo_script
from scrapers.simulator.seeded import SIZES, seeded_world
from scrapers.simulator.serving import LOOPBACK, RunningSimulator, serve

DEFAULT_PORT = 8900
HIGHEST_PORT = 65_535


class Command(ArbsiteCommand):
    help = (
        "Run a simulator of every venue until Ctrl+C: all sources of an invented market under one address, "
        "with faults on demand. Set VENUE_SIMULATOR_URL to what it prints, or single base addresses to "
        "its paths, such as CARDMARKET_DOWNLOADS_URL=http://127.0.0.1:8900/cardmarket_downloads."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=LOOPBACK, help="Others than the default open it to strangers.")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one.")
        parser.add_argument("--seed", type=int, default=7, help="The same seed gives the same market.")
        parser.add_argument("--size", choices=list(SIZES), default="small")
        parser.add_argument("--speed", type=float, default=1.0, help="Simulated seconds for each real one.")
        parser.add_argument(
            "--publish-every", type=float, default=1440.0, metavar="MINUTES",
            help="How often feeds come out, in simulated minutes (a day by default).",
        )  # fmt: skip
        parser.add_argument(
            "--faults", choices=["none", "demo"], default="none",
            help="demo: in turn one venue fails for some minutes and recovers.",
        )  # fmt: skip
        parser.add_argument(
            "--file", action="append", default=[], metavar="PATH=FILE",
            help="Serve a local file at a path, such as cardmarket_downloads/productCatalog/priceGuide/"
            "price_guide_1.json=guide.json.gz; may be repeated.",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["port"] <= HIGHEST_PORT:
            raise UsageError(f"--port: {options['port']} is no port.")
        if options["speed"] < 0 or options["publish_every"] <= 0:
            raise UsageError("--speed must not be negative, --publish-every must be above 0.")
        world = seeded_world(options["seed"], options["size"])
        try:
            serve(
                world,
                port=options["port"],
                host=options["host"],
                announce=self._announce,
                seed=options["seed"],
                speed=options["speed"],
                publication=timedelta(minutes=options["publish_every"]),
                faults=demo_script() if options["faults"] == "demo" else (),
                files=_files(options["file"]),
            )
        except FileNotFoundError:
            raise
        except OSError as error:
            raise UsageError(f"--port: cannot listen on {options['port']} ({error.strerror}).") from error

    def _announce(self, running: RunningSimulator) -> None:
        articles = len(running.simulator.world.articles)
        self.emit(
            {"url": running.url, "articles": articles},
            f"Simulated venues with {articles} articles at {running.url} (control: {running.url}/__sim__/)."
            " Ctrl+C ends them.",
        )
        self.stdout.flush()


def _files(arguments: Sequence[str]) -> dict[str, Path]:
    """Return path -> file of `PATH=FILE` arguments.

    Raises:
        UsageError: for an argument of another form.
    """
    files = {}
    for argument in arguments:
        path, equals, file = argument.partition("=")
        if not (path and equals and file):
            raise UsageError(f"--file: {argument!r} is not PATH=FILE.")
        files[path] = Path(file)
    return files
