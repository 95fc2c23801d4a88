"""`manage.py prepare`: make the database current; safe to run again at any time."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

from arbsite.schedule import sync_schedule
from catalog.models import Product
from common.clock import utc_now
from users.services import ensure_initial_users


class Command(BaseCommand):
    help = "Make the database current: migrations, schedule, first users, and a demo market if it is empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
        parser.add_argument("--report", type=Path, help="write what was done to this JSON file")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        schedule = sync_schedule()
        ensure_initial_users(credentials_path=settings.VAR_DIR / "credentials.txt", now=utc_now())
        if not options["no_demo"] and not Product.objects.exists() and "demo" in get_commands():
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        report = {"schedule": asdict(schedule), "demo": _demo_line()}
        if options["report"]:
            options["report"].write_text(json.dumps(report), encoding="utf-8")
        self.stdout.write(f"  database current, {report['demo']}")


def _demo_line() -> str:
    count = Product.objects.count()
    return f"{count} products" if count else "no products yet: import some, or start with --demo"
