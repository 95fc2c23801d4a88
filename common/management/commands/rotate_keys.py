"""`manage.py rotate_keys`: bring the secrets in the database under the first key of FIELD_ENCRYPTION_KEYS."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError
from common.rotation import BATCH, RotationReport, count_waiting, rotate_column
from common.secrets import encrypted_columns

_MAX_BATCH = 10_000


class Command(ArbsiteCommand):
    help = (
        "Encrypt every stored secret anew with the first key of FIELD_ENCRYPTION_KEYS. Put the new key "
        "first, keep the old ones behind it, restart, run this, and then remove the old ones. It may be "
        "interrupted: the next run goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count what would be done.")
        parser.add_argument("--batch", type=int, default=BATCH, help="Rows a transaction.")

    def handle(self, *args: Any, dry_run: bool, batch: int, **options: Any) -> None:
        if not 1 <= batch <= _MAX_BATCH:
            raise UsageError(f"--batch needs a number from 1 to {_MAX_BATCH:,}.")
        reports = count_waiting() if dry_run else self._rotate(batch)
        unreadable = sum(report.unreadable for report in reports)
        facts = {
            "dry_run": dry_run,
            "rotated": sum(report.rotated for report in reports),
            "unreadable": unreadable,
            "columns": [asdict(report) for report in reports],
        }
        word = "to rotate" if dry_run else "rotated"
        lines = [
            f"{report.column}: {report.rotated:,} {word}, {report.unreadable:,} unreadable, "
            f"{report.total:,} in all"
            for report in reports
        ]
        self.emit(facts, "\n".join(lines) or "Nothing is encrypted here.")
        if unreadable:
            raise PartlyDone(f"{unreadable} secrets could not be read: keep their keys, or enter them anew.")

    def _rotate(self, batch: int) -> Sequence[RotationReport]:
        now = utc_now()
        with self.progress("Rotating") as progress:
            return [
                rotate_column(column, now=now, batch=batch, progress=progress)
                for column in encrypted_columns()
            ]
