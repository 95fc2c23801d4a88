"""`manage.py doctor`: one line per check, with a remedy for what is wrong; `--fix` does what is safe."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from arbsite.doctor import Finding, looks
from common.commands import EXIT_FAILURE, EXIT_PARTLY_DONE, ArbsiteCommand, UsageError


@dataclass(slots=True)
class Result:
    """What was found, and what became of it."""

    finding: Finding
    is_fixed: bool = False
    failure: str = ""

    @property
    def word(self) -> str:
        """How it stands now."""
        if self.is_fixed:
            return "FIXED"
        return "ok" if self.finding.ok else "FAIL"


class Command(ArbsiteCommand):
    help = (
        "Look for what is wrong with this installation, and say what to do about it. --fix does what loses "
        "nothing: migrations, partitions, groups, schedule, missing folders."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="Do what can be done safely.")
        parser.add_argument("--dry-run", action="store_true", help="With --fix: say what would be done.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"] and not options["fix"]:
            raise UsageError("--dry-run needs --fix.")
        results = []
        for look in looks():
            found = look()
            result = Result(found)
            if options["fix"] and not found.ok and found.fix is not None:
                result = self._fix(look, found, is_dry_run=options["dry_run"])
            results.append(result)
            if not self.is_json:
                self.stdout.write(_line(result))
        is_well = all(result.finding.ok for result in results)
        self.emit({"ok": is_well, "findings": [_data(result) for result in results]}, "")
        if not is_well:
            has_fixed = any(result.is_fixed for result in results)
            raise SystemExit(EXIT_PARTLY_DONE if has_fixed else EXIT_FAILURE)

    def _fix(self, look: Any, found: Finding, *, is_dry_run: bool) -> Result:
        """Repair, then look again: only the second look says whether it helped."""
        if is_dry_run:
            return Result(found, failure="would be fixed")
        try:
            found.fix()  # type: ignore[misc]  # the caller looked
        except Exception as error:  # noqa: BLE001 - a repair that fails is a finding, and the next look goes on
            return Result(found, failure=f"fix failed: {' '.join(str(error).split())}")
        again = look()
        return Result(again, is_fixed=again.ok)


def _line(result: Result) -> str:
    found = result.finding
    remedy = "" if found.ok else f"  ->  {result.failure or found.remedy}"
    return f"{result.word:<5} {found.subject:<12} {found.detail}{remedy}"


def _data(result: Result) -> dict[str, Any]:
    found = result.finding
    return {
        "subject": found.subject,
        "ok": found.ok,
        "detail": found.detail,
        "remedy": "" if found.ok else result.failure or found.remedy,
        "can_fix": found.fix is not None,
        "is_fixed": result.is_fixed,
    }
