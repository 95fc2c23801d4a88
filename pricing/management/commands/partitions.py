"""`manage.py partitions`: make the coming months of the price history, and drop the ones past retention."""

import argparse
import re
from datetime import date, datetime
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
        parser.add_argument(
            "--drop",
            action="store_true",
            help="with --retain: really drop the months past it, with all their prices; without it they stay",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = utc_now()
        if options["drop"] and options["retain"] is None:
            raise UsageError("--drop needs --retain: say how many months are kept.")
        try:
            if options["dry_run"]:
                plan = plan_partitions(now=now, ahead=options["ahead"], retain_months=options["retain"])
            else:
                plan = self._maintain(options, now)
        except ValueError as error:
            raise UsageError(str(error)) from error
        self.emit(_facts(plan, options), _text(plan, options))

    def _maintain(self, options: dict[str, Any], now: datetime) -> PartitionPlan:
        """Create what is missing; drop what is past retention only when that was confirmed."""
        retain = options["retain"]
        plan = plan_partitions(now=now, ahead=options["ahead"], retain_months=retain)
        maintain_partitions(
            now=now, ahead=options["ahead"], retain_months=retain if options["drop"] else None
        )
        return plan


def _names(found: tuple[date, ...]) -> list[str]:
    return [f"{month:%Y-%m}" for month in found]


def _facts(plan: PartitionPlan, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "created": _names(plan.create),
        "dropped": _names(plan.drop) if options["drop"] or options["dry_run"] else [],
        "past_retention": _names(plan.drop),
        "present": _names(plan.present),
        "is_dry_run": options["dry_run"],
    }


def _text(plan: PartitionPlan, options: dict[str, Any]) -> str:
    created, dropped = (", ".join(_names(found)) or "nothing" for found in (plan.create, plan.drop))
    lines = [f"There are {len(plan.present)} months{_span(plan.present)}."]
    if options["dry_run"]:
        lines += [f"Would create: {created}.", f"Would drop: {dropped}."]
    else:
        lines += [f"Created: {created}."]
        if options["drop"] or not plan.drop:
            lines += [f"Dropped: {dropped}."]
        else:
            lines += [f"Past retention and kept: {dropped}. Add --drop to drop them with all their prices."]
    return "\n".join(lines)


def _span(months_present: tuple[date, ...]) -> str:
    return f", {months_present[0]:%Y-%m} to {months_present[-1]:%Y-%m}" if months_present else ""
