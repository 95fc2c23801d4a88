"""`manage.py partitions`: make the coming months of the price history, and drop the ones past retention."""

import argparse
import re
from datetime import date
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand, UsageError
from pricing.partitions import MONTHS_AHEAD, PartitionPlan, plan_partitions
from pricing.services import maintain_partitions


def months(text: str) -> int:
    """Read a number of months, such as `24m` or `24`."""
    if not re.fullmatch(r"[0-9]{1,4}m?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of months like 24m")
    return int(text.removesuffix("m"))


class Command(ArbsiteCommand):
    help = "Create the monthly partitions of the price history ahead of time, and drop those past retention."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--ahead", type=months, default=MONTHS_AHEAD, metavar="N", help="months after this one"
        )
        parser.add_argument(
            "--retain",
            type=months,
            default=None,
            metavar="24m",
            help="months to keep (default: keep everything)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        try:
            if options["dry_run"]:
                plan = plan_partitions(now=now, ahead=options["ahead"], retain_months=options["retain"])
            else:
                plan = maintain_partitions(now=now, ahead=options["ahead"], retain_months=options["retain"])
        except ValueError as error:
            raise UsageError(str(error)) from error
        self.emit(_facts(plan, is_dry_run=options["dry_run"]), _text(plan, is_dry_run=options["dry_run"]))


def _names(found: tuple[date, ...]) -> list[str]:
    return [f"{month:%Y-%m}" for month in found]


def _facts(plan: PartitionPlan, *, is_dry_run: bool) -> dict[str, Any]:
    return {
        "created": _names(plan.create),
        "dropped": _names(plan.drop),
        "present": _names(plan.present),
        "is_dry_run": is_dry_run,
    }


def _text(plan: PartitionPlan, *, is_dry_run: bool) -> str:
    verbs = ("Would create", "Would drop") if is_dry_run else ("Created", "Dropped")
    return "\n".join(
        f"{verb}: {', '.join(_names(found)) or 'nothing'}."
        for verb, found in zip(verbs, (plan.create, plan.drop), strict=True)
    )
