"""`manage.py contents_audit`: look for contents that cannot be right."""

from argparse import ArgumentParser
from typing import Any

from common.clock import utc_now
from common.commands import ArbsiteCommand
from opportunities.choices import ContentsCheck, FindingState
from opportunities.contents_audit import find_doubts, finding_list, run_contents_audit

_SHOWN = 10


class Command(ArbsiteCommand):
    help = "Check what sealed products are said to hold, and list what is odd for staff to judge."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only print what would be found.")
        parser.add_argument("--check", choices=ContentsCheck.values, help="Print doubts of this check only.")
        parser.add_argument("--limit", type=int, default=_SHOWN, metavar="N", help="Print at most N doubts.")

    def handle(self, *args: Any, **options: Any) -> None:
        check, limit = options["check"], max(0, options["limit"])
        if options["dry_run"]:
            products, doubts = find_doubts()
            facts: dict[str, Any] = {
                "products": products,
                "found": {name: sum(d.check == name for d in doubts) for name in ContentsCheck.values},
            }
            reasons = [(str(d.check), d.reason) for d in doubts if check in (None, d.check)][:limit]
        else:
            facts = run_contents_audit(now=utc_now()).as_data()
            rows = finding_list().filter(state=FindingState.OPEN)
            chosen = rows if check is None else rows.filter(check_code=check)
            reasons = [(row.check_code, row.reason) for row in chosen[:limit]]
        facts["doubts"] = [{"check": name, "reason": reason} for name, reason in reasons]
        self.emit(facts, _text(facts))


def _text(facts: dict[str, Any]) -> str:
    found = ", ".join(
        f"{ContentsCheck(name).label.lower()}: {count:,}" for name, count in facts["found"].items()
    )
    lines = [f"{facts['products']:,} sealed products. {found}."]
    if "opened" in facts:
        lines.append(
            f"{facts['opened']:,} new, {facts['resolved']:,} resolved, {facts['accepted']:,} accepted."
        )
    lines += [f"  {doubt['reason']}" for doubt in facts["doubts"]]
    return "\n".join(lines)
