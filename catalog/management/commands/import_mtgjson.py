"""`manage.py import_mtgjson FILE_OR_URL [--sets NEO,NEC] [--json]`."""

from typing import Any

from django.core.management.base import CommandParser

from catalog.importers.mtgjson import ImportReport, UnknownSets, import_mtgjson
from common.clock import utc_now
from common.commands import ArbsiteCommand, PartlyDone, UsageError

_SHOWN = 8


class Command(ArbsiteCommand):
    help = "Import cards, decks, boosters and sealed products from an MTGJSON file or address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="FILE_OR_URL", help="AllPrintings or one set, packed or not.")
        parser.add_argument(
            "--sets", help="Comma-separated codes of the sets to take, e.g. NEO,NEC. Default: all."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sets: str | None = options["sets"]
        codes = None if sets is None else [code for code in sets.split(",") if code.strip()]
        if codes is not None and not codes:
            raise UsageError("--sets needs at least one set code, e.g. --sets NEO,NEC.")
        try:
            with self.progress("Importing MTGJSON") as progress:
                report = import_mtgjson(options["source"], sets=codes, now=utc_now(), progress=progress)
        except UnknownSets as error:
            raise UsageError(error.detail) from error
        self.emit(report.as_data(), _text(report))
        unreadable = report.issues.counts["set_unreadable"]
        if unreadable:
            raise PartlyDone(f"{unreadable} sets could not be read and were left out.")


def _text(report: ImportReport) -> str:
    dated, version = report.source_date or "unknown date", report.source_version or "?"
    lines = [f"{report.sets:,} sets, source of {dated} ({version})"]
    for name, tally in report.tallies.items():
        lines.append(
            f"  {name.replace('_', ' '):16} {tally.created:>8,} created {tally.updated:>8,} changed"
            f" {tally.unchanged:>8,} unchanged"
        )
    lines.append(f"  {'mapping lines':16} {report.mappings_written:>8,} written")
    if report.conflicts.counts:
        shown = ", ".join(f"{count:,} {source}" for source, count in report.conflicts.counts.most_common())
        lines.append(f"Ids claimed by two articles, left with the first: {shown}")
    for kind, count in report.issues.counts.most_common(_SHOWN):
        example = report.issues.examples[kind][0]
        lines.append(f"Skipped or repaired: {count:,} {kind.replace('_', ' ')} (e.g. {example})")
    complete, incomplete = report.complete_products, report.incomplete_products
    lines.append(f"Contents: {complete:,} products complete, {incomplete:,} incomplete")
    lines.extend(f"  {count:>6,}  {reason}" for reason, count in report.incomplete.most_common(_SHOWN))
    lines.append(f"{report.created_count:,} created, {report.changed_count:,} changed")
    return "\n".join(lines)
