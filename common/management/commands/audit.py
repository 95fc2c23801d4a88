"""`manage.py audit verify|anchor|export|grants`: check the audit trail, and take it away."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime

from common.audit import Anchor, app_role_statements, current_anchor, export_events, verify_chains
from common.clock import utc_now
from common.commands import ArbsiteCommand, UsageError
from common.errors import InvalidInput


class Command(ArbsiteCommand):
    help = "Verify, anchor or export the audit trail, or print the rights of the runtime's database role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        verify = actions.add_parser("verify", help="Recompute every chain; exit code 1 if one is broken.")
        verify.add_argument(
            "--anchor", type=Path, help="A file made by `audit anchor`, kept elsewhere since."
        )
        anchor = actions.add_parser(
            "anchor", help="Print every chain's head, to be kept outside the database."
        )
        anchor.add_argument("--output", type=Path, help="Write to this file instead.")
        export = actions.add_parser("export", help="Print events as JSON lines, oldest first.")
        export.add_argument("--from", dest="since", metavar="TIME", help="From this day or time on (UTC).")
        export.add_argument("--to", dest="until", metavar="TIME", help="Before this day or time (UTC).")
        export.add_argument("--output", type=Path, help="Write to this file instead.")
        grants = actions.add_parser(
            "grants", help="Print the SQL for a runtime role that cannot change history."
        )
        grants.add_argument("role", nargs="?", default="arbsite_app")
        for sub in (verify, anchor, export, grants):
            sub.add_argument("--json", action="store_true", help="Print one JSON object instead of text.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(**options)

    def _verify(self, *, anchor: Path | None, **_: Any) -> None:
        expected = None if anchor is None else _read_anchor(anchor)
        report = verify_chains(now=utc_now(), anchor=expected)
        facts = {
            "is_intact": report.is_intact,
            "events": report.events,
            "streams": report.streams,
            "seconds": round(report.seconds, 3),
            "breaks": [asdict(item) for item in report.breaks],
        }
        lines = [f"{report.events:,} events in {report.streams} chains checked in {report.seconds:.2f} s"]
        lines += [f"BROKEN {item.reason:<14} {item.stream} #{item.seq}" for item in report.breaks]
        self.emit(facts, "\n".join(lines))
        if not report.is_intact:
            raise CommandError(f"{len(report.breaks)} breaks in the audit trail.")

    def _anchor(self, *, output: Path | None, **_: Any) -> None:
        anchor = current_anchor()
        text = json.dumps(anchor.as_json(), sort_keys=True)
        if output is None:
            self.stdout.write(text)
        else:
            output.write_text(text + "\n", encoding="utf-8")
            self.emit({"digest": anchor.digest, "streams": len(anchor.links)}, f"Digest {anchor.digest}")

    def _export(self, *, since: str | None, until: str | None, output: Path | None, **_: Any) -> None:
        events = export_events(since=_time("--from", since), until=_time("--to", until))
        count = 0
        stream = output.open("w", encoding="utf-8") if output else sys.stdout
        try:
            for event in events:
                stream.write(json.dumps(event, ensure_ascii=False) + "\n")
                count += 1
        finally:
            if output:
                stream.close()
        if output:
            self.emit({"events": count}, f"{count:,} events written to {output}")

    def _grants(self, *, role: str, **_: Any) -> None:
        try:
            statements = app_role_statements(role)
        except ValueError as error:
            raise UsageError(str(error)) from error
        self.emit({"statements": statements}, "\n".join(f"{statement};" for statement in statements))


def _read_anchor(path: Path) -> Anchor:
    try:
        return Anchor.from_json(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise InvalidInput("invalid_anchor", f"{path} is not JSON.") from error


def _time(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = datetime.combine(day, time.min, tzinfo=UTC)
    if moment is None:
        raise UsageError(
            f"{option}: {text!r} is neither a day (2026-11-21) nor a time (2026-11-21T12:00:00Z)."
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
