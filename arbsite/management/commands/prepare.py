"""`manage.py prepare`: make the database current; safe to run again at any time."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from arbsite.demo.manifest import MANIFEST, Manifest
from arbsite.schedule import DEFAULTS, DEMO, sync_schedule
from catalog.models import Product
from common.clock import utc_now
from common.commands import ArbsiteCommand
from opportunities.models import Opportunity
from users.services import ensure_initial_users


class Command(ArbsiteCommand):
    help = (
        "Make the database current: migrations, schedule, first users, and a demo market in an empty database"
        " (or the demo market's prices brought up to now)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Leave an empty database empty.")
        parser.add_argument("--report", type=Path, help="Write what was done to this JSON file.")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        ensure_initial_users(credentials_path=settings.VAR_DIR / "credentials.txt", now=utc_now())
        if not options["no_demo"]:
            self._demo()
        schedule = sync_schedule((*DEFAULTS, *DEMO) if has_demo() else DEFAULTS)
        facts = {"schedule": asdict(schedule), "market": market_line(), "has_demo": has_demo()}
        if options["report"]:
            options["report"].write_text(json.dumps(facts), encoding="utf-8")
        self.emit(facts, f"  the database is current: {facts['market']}")

    def _demo(self) -> None:
        """Install or refresh the demo market; a market that is in the way is no reason not to start."""
        arguments = _demo_arguments(settings.VAR_DIR / "demo" / MANIFEST)
        if Product.objects.exists() and not has_demo():
            return
        try:
            call_command("demo", *arguments, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            self.stderr.write(f"  demo market left as it is: {error}")


def has_demo() -> bool:
    """Tell whether demo products are in the database."""
    return Product.objects.filter(is_demo=True).exists()


def market_line() -> str:
    """Return what the database holds, in a few words."""
    products = Product.objects.count()
    if not products:
        return "no products yet (import some)"
    opportunities = Opportunity.objects.active().trusted().count()
    what = "demo data on" if has_demo() else "your data"
    return f"{what} ({products} products, {opportunities} opportunities)"


def _demo_arguments(manifest: Path) -> list[str]:
    """Return the flags of the market that is there; none for a new one."""
    try:
        found = msgspec.json.decode(manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return []
    return ["--size", found.size.value, "--seed", str(found.seed)]
