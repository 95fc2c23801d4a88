"""`manage.py up`: run everything on this machine."""

import sys
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from arbsite.up.main import up
from arbsite.up.options import add_arguments, from_namespace


class Command(BaseCommand):
    help = "Run everything on this machine: servers, database, page, workers, scheduler. Ctrl+C stops it all."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wanted = from_namespace(options)
        except ArgumentTypeError as error:
            raise CommandError(f"ARBSITE_PORT: {error}", returncode=2) from error
        sys.exit(up(wanted))
