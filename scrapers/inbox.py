"""The inbox: files that people or other programs drop are imported, then moved out of the way.

`<inbox>/cardmarket`, `<inbox>/tcgcsv` and `<inbox>/csv` take price files, `<inbox>/mtgjson` catalogue files.
What was imported goes to `<inbox>/done/<kind>`, what cannot be read to `<inbox>/failed/<kind>`. A cycle looks
here before it asks any venue.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from django.db import connection, transaction

from catalog.importers.mtgjson import import_mtgjson
from common.audit import record_event
from common.errors import DomainError
from pricing.services import FORMATS, import_price_files
from scrapers.services.analysis import ask_for_analysis

logger = structlog.get_logger(__name__)

CATALOGUE: Final = "mtgjson"
PRICE_KINDS: Final = FORMATS
SETTLED_AFTER: Final = timedelta(seconds=20)
"""A file that changed more recently may still be being written."""

_LOCK: Final = "scrapers.inbox"


@dataclass(slots=True)
class InboxReport:
    """What one look into the inbox did.

    Args:
        imported: names of the entries that were imported.
        failed: name -> stable code of the reason.
        waiting: entries that changed too recently.
        prices_stored: new prices.
        is_busy: another process was at it; nothing was done.
    """

    imported: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    waiting: int = 0
    prices_stored: int = 0
    is_busy: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "imported": self.imported,
            "failed": self.failed,
            "waiting": self.waiting,
            "prices_stored": self.prices_stored,
            "is_busy": self.is_busy,
        }


def import_inbox(*, folder: Path, kinds: Sequence[str], now: datetime) -> InboxReport:
    """Import what lies in the inbox. An entry that fails is moved aside and stops nothing else.

    Imports change nothing the second time, so that dying between an import and the move costs nothing.

    Args:
        folder: the inbox; it need not exist.
        kinds: subfolders to look into.
        now: the current time.
    """
    report = InboxReport()
    with _only_one() as is_mine:
        if not is_mine:
            report.is_busy = True
            return report
        for kind in kinds:
            for entry in _entries(folder / kind):
                if not _is_settled(entry, now):
                    report.waiting += 1
                else:
                    _import_entry(entry, kind, folder, now, report)
    if report.prices_stored or (CATALOGUE in kinds and report.imported):
        ask_for_analysis(now=now)
    return report


def _import_entry(entry: Path, kind: str, folder: Path, now: datetime, report: InboxReport) -> None:
    name = f"{kind}/{entry.name}"
    importer: Callable[[Path, str, datetime], int] = (
        _import_catalogue if kind == CATALOGUE else _import_prices
    )
    try:
        stored = importer(entry, kind, now)
    except (DomainError, OSError) as error:
        code = error.code if isinstance(error, DomainError) else "unreadable"
        logger.warning("inbox.failed", entry=name, code=code)
        report.failed[name] = code
        _put_aside(entry, folder / "failed" / kind, now)
        _record("inbox.failed", name, {"code": code}, now)
        return
    report.prices_stored += stored
    report.imported.append(name)
    _put_aside(entry, folder / "done" / kind, now)
    _record("inbox.imported", name, {"prices_stored": stored}, now)


def _import_prices(entry: Path, kind: str, now: datetime) -> int:
    return import_price_files([entry], file_format=kind, now=now).prices_stored


def _import_catalogue(entry: Path, kind: str, now: datetime) -> int:
    import_mtgjson(entry, now=now)
    return 0


def _entries(folder: Path) -> list[Path]:
    """Return the visible files and folders of an inbox, oldest name first; never follow links."""
    if not folder.is_dir():
        return []
    return sorted(
        entry
        for entry in folder.iterdir()
        if not entry.is_symlink() and not entry.name.startswith(".") and entry.suffix not in (".part", ".tmp")
    )


def _is_settled(entry: Path, now: datetime) -> bool:
    newest = max([entry.stat().st_mtime, *(path.stat().st_mtime for path in entry.rglob("*"))])
    return newest <= (now - SETTLED_AFTER).timestamp()


def _put_aside(entry: Path, folder: Path, now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / entry.name
    if target.exists():
        target = folder / f"{now:%Y%m%dT%H%M%S%f}-{entry.name}"
    shutil.move(entry, target)


def _record(verb: str, name: str, data: dict[str, Any], now: datetime) -> None:
    with transaction.atomic():
        record_event(
            actor=None, verb=verb, subject=f"inbox:{name.replace(' ', '_')[:100]}", data=data, now=now
        )


@contextmanager
def _only_one() -> Iterator[bool]:
    """Yield whether this connection alone works on the inbox."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        is_mine = bool(cursor.fetchone()[0])
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])
