"""`manage.py doctor`: one line per check, with a remedy for what is wrong."""

from dataclasses import asdict
from typing import Any

from arbsite.doctor import findings
from common.commands import EXIT_FAILURE, ArbsiteCommand


class Command(ArbsiteCommand):
    help = "Look for what is wrong with this installation, and say what to do about it."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for finding in findings():
            found.append(finding)
            if not self.is_json:
                word = "ok   " if finding.ok else "FAIL "
                remedy = "" if finding.ok else f"  ->  {finding.remedy}"
                self.stdout.write(f"{word} {finding.subject:<12} {finding.detail}{remedy}")
        is_well = all(finding.ok for finding in found)
        self.emit({"ok": is_well, "findings": [asdict(finding) for finding in found]}, "")
        if not is_well:
            raise SystemExit(EXIT_FAILURE)
