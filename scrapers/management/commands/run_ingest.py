"""`manage.py run_ingest`: watch the crypto exchanges and feed the signal engine."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from common.commands import ArbsiteCommand, UsageError
from scrapers.streams.addresses import AddressInvalid, address_of
from scrapers.streams.options import OptionsInvalid, add_arguments, read_options


class Command(ArbsiteCommand):
    help = (
        "Watch the enabled crypto exchanges and send their best bids and asks to the signal engine"
        " (ZMQ_ENDPOINT) until stopped; or record what they send, or go through a recording again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for exchange in read_options(options).exchanges:
                address_of(exchange)
        except (OptionsInvalid, AddressInvalid) as error:
            raise UsageError(f"{error}.") from error
        # The applications loaded by now would be most of the process's memory: it becomes one without them.
        os.environ["PYTHONPATH"] = os.pathsep.join(
            part for part in (str(settings.BASE_DIR), os.environ.get("PYTHONPATH", "")) if part
        )
        arguments = sys.argv[sys.argv.index("run_ingest") + 1 :]
        os.execv(sys.executable, [sys.executable, "-m", "scrapers.streams", *own_arguments(arguments)])  # noqa: S606


_OF_DJANGO = ("--no-color", "--force-color", "--skip-checks", "--traceback")
_OF_DJANGO_WITH_VALUE = ("-v", "--verbosity", "--settings", "--pythonpath")


def own_arguments(arguments: list[str]) -> list[str]:
    """Return the arguments of a command line without Django's own."""
    kept, values = [], iter(arguments)
    for argument in values:
        if argument in _OF_DJANGO_WITH_VALUE:
            next(values, None)
        elif argument not in _OF_DJANGO and not argument.startswith(
            tuple(f"{name}=" for name in _OF_DJANGO_WITH_VALUE if name.startswith("--"))
        ):
            kept.append(argument)
    return kept
