"""One import from start to end: read everything, then write everything in one transaction."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.db import connection, transaction

from catalog.models import ContentsVersion
from catalog.selectors import incomplete_reason
from catalog.selectors.impact import products_containing
from catalog.services import rebuild_product_singles
from catalog.services.completeness import refresh_completeness
from common.audit import record_event

from .errors import UnknownSets
from .parsing import parse_set
from .reader import SourceFacts, local_copy, read_facts, read_sets
from .records import BoosterRecord, DeckRecord, PrintingRecord, SealedRecord
from .report import ImportReport, Issues
from .writing.boosters import write_boosters
from .writing.contents import write_contents
from .writing.decks import write_decks
from .writing.identifiers import assign_identifiers, load_identifiers, tcg_product_ids, write_identifiers
from .writing.index import load_products
from .writing.products import PlacedArticle, place_articles, write_products

Progress: TypeAlias = Callable[[int, str], None]
"""Called with (steps done since the last call, what is being done): a step is one set or one phase."""

_LOCK = 0x6D74676A  # serialises imports; any constant no other advisory lock uses


@dataclass(slots=True)
class _Source:
    """Everything the source states."""

    printings: list[PrintingRecord] = field(default_factory=list)
    sealed: list[SealedRecord] = field(default_factory=list)
    decks: list[DeckRecord] = field(default_factory=list)
    boosters: list[BoosterRecord] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    uuids: set[str] = field(default_factory=set)


def import_mtgjson(
    source: Path | str,
    *,
    sets: Collection[str] | None = None,
    now: datetime,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring an MTGJSON file into the catalogue. Doing it again changes nothing.

    The source is read to its end before anything is written, and everything is written in one transaction: a
    truncated file, a refused row or Ctrl+C leave the catalogue as it was. Imports wait for each other.

    Args:
        source: path or http(s) address of AllPrintings or of one set; .json, .gz, .bz2, .xz or .zip.
        sets: codes of the sets to take, in any case; None means all. Cards of other sets that decks and
            boosters of these refer to are found if they are in the catalogue already.
        now: time of the import; becomes created_at and updated_at of what is written.
        progress: told about every set and phase.

    Returns:
        Counts per entity, what was skipped and why, which products are incomplete.

    Raises:
        MtgjsonFileError: if the source cannot be read to its end or is no MTGJSON file.
        UnknownSets: if a set of `sets` is not in the source.
    """
    tell = progress or (lambda _steps, _note: None)
    report = ImportReport()
    with local_copy(source) as path:
        facts = read_facts(path)
        stated = _read(path, sets=sets, issues=report.issues, tell=tell)
    report.source_date, report.source_version, report.sets = facts.date, facts.version, len(stated.codes)
    with transaction.atomic():
        _write(stated, source_date=_source_date(facts), now=now, report=report, tell=tell)
    return report


def _read(path: Path, *, sets: Collection[str] | None, issues: Issues, tell: Progress) -> _Source:
    wanted = None if sets is None else {code.strip().upper() for code in sets if code.strip()}
    found = _Source()
    for key, value in read_sets(path):
        if wanted is not None and key.strip().upper() not in wanted:
            continue
        record = parse_set(key, value, issues=issues)
        if record is None:
            continue
        if record.code in found.codes:
            issues.add("set_repeated", record.code)
            continue
        found.codes.add(record.code)
        found.printings.extend(row for row in record.printings if _is_new(row.uuids, found, issues, row.name))
        found.sealed.extend(row for row in record.sealed if _is_new((row.uuid,), found, issues, row.name))
        found.decks.extend(record.decks)
        found.boosters.extend(record.boosters)
        tell(1, record.code)
    unknown = sorted((wanted or set()) - found.codes)
    if unknown:
        raise UnknownSets(detail=f"The source has no set {', '.join(unknown)}.", details={"sets": unknown})
    return found


def _is_new(uuids: tuple[str, ...], found: _Source, issues: Issues, name: str) -> bool:
    """Whether none of these uuids was used before; a repeated row is reported and left out."""
    if found.uuids.isdisjoint(uuids):
        found.uuids.update(uuids)
        return True
    issues.add("uuid_repeated", f"{name}: {uuids[0]}")
    return False


def _write(
    stated: _Source, *, source_date: date | None, now: datetime, report: ImportReport, tell: Progress
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        tell(0, "products")
        placed: list[PlacedArticle] = place_articles(cursor, [*stated.printings, *stated.sealed])
        known = load_identifiers(cursor)
        identifiers = assign_identifiers(placed, known=known, report=report)
        tcg_ids = tcg_product_ids(cursor, identifiers, placed, report=report)
        write_products(cursor, placed, tcg_ids=tcg_ids, now=now, report=report)
        write_identifiers(cursor, identifiers, known=known, report=report)
        tell(1, "decks and boosters")
        index = load_products(cursor)
        decks = write_decks(cursor, stated.decks, index=index, report=report)
        packs = write_boosters(cursor, stated.boosters, index=index, report=report)
        tell(1, "contents")
        restated = write_contents(
            cursor, placed, index=index, source_date=source_date, now=now, report=report
        )
        if restated or decks or packs:
            for table in (
                "products",
                "product_identifiers",
                "deck_cards",
                "booster_sheet_cards",
                "sealed_contents",
            ):
                cursor.execute(f"ANALYZE {table}")
    tell(1, "mapping")
    touched = products_containing(product_ids=restated, deck_ids=decks, pack_ids=packs)
    if touched:
        refresh_completeness(product_ids=touched)
        report.mappings_written = rebuild_product_singles(product_ids=touched, now=now)
    _count_incomplete(placed, report)
    if report.created_count or report.changed_count or report.mappings_written:
        record_event(
            actor=None, verb="catalog.imported", subject="source:mtgjson", data=_facts(report), now=now
        )
    tell(1, "done")


def _count_incomplete(placed: list[PlacedArticle], report: ImportReport) -> None:
    ours = {article.product_id for article in placed if isinstance(article.record, SealedRecord)}
    current = ContentsVersion.objects.filter(is_current=True).values_list(
        "product_id", "is_complete", "missing"
    )
    for product_id, is_complete, missing in current:
        if product_id not in ours:
            continue
        if is_complete:
            report.complete_products += 1
        else:
            report.incomplete_products += 1
            report.incomplete.update({incomplete_reason(text) for text in missing})


def _facts(report: ImportReport) -> dict[str, Any]:
    """What the audit trail keeps of an import."""
    kept = ("source_date", "source_version", "sets", "entities", "mappings_written", "incomplete_products")
    return {name: value for name, value in report.as_data().items() if name in kept}


def _source_date(facts: SourceFacts) -> date | None:
    try:
        return date.fromisoformat(facts.date[:10])
    except ValueError:
        return None
