"""Running one bulk route: each part is stored in one transaction with what is remembered of its download.

A run that dies between two parts therefore goes on after the last stored one: the route leaves out what was
fetched lately and asks the rest conditionally.
"""

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction

from catalog.importers.mtgjson import import_mtgjson
from catalog.services import import_articles
from common.errors import DomainError
from common.metrics import MARKUP_DRIFT
from jobs.errors import JobCancelled
from pricing.importers import ParsedPrices
from pricing.models import PriceBatch
from pricing.observations import BatchFacts
from pricing.selectors import price_source
from pricing.services import record_prices
from pricing.services.unmatched import name_unmatched
from scrapers.errors import MarkupDrift, UnknownSource
from scrapers.feeds import BulkPart, Download, FeedMemory
from scrapers.models import FeedDownload, SourceRoute
from scrapers.selectors.endpoints import Mode

from .claiming import claimed
from .desk import Desk
from .progress import Watch
from .routes import ReadyRoute, note_confirmed, note_failure, note_start, note_success

logger = structlog.get_logger(__name__)

RESERVE_SECONDS: Final = 20.0
"""No further part is asked for when less of the slice is left."""
OVERTIME_SECONDS: Final = 60.0
"""A part, such as a large file, may arrive so long after its slice is over; what is left then until the task
is stopped (`scrapers.tasks.LIMITS`) is for storing it."""
INTERNAL_ERROR: Final = "internal_error"
_ENDS_THE_RUN: Final = (JobCancelled, SoftTimeLimitExceeded, OperationalError, InterfaceError)
"""No fault of a feed: somebody or something ends the work, or the database is gone."""


@dataclass(slots=True)
class FeedReport:
    """What one run of a bulk route did.

    `is_complete` False: the slice ran out of time and the feed goes on in the next one. `error` is the code
    of what ended it early; parts before it are stored. `is_busy`: another run is at the feed, and this one
    left it alone. `good_parts` does not count the end of a pass. `failed_files` are files of which a part
    could not be stored: they are not remembered, or the rest of their content would never be fetched again.
    """

    parts: int = 0
    unchanged: int = 0
    is_busy: bool = False
    good_parts: int = 0
    failed_parts: int = 0
    failed_files: set[str] = field(default_factory=set)
    prices_stored: int = 0
    products_created: int = 0
    has_catalogue: bool = False
    is_complete: bool = True
    error: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether it brought nothing but failures, or ended with one."""
        return bool(self.error) or (self.failed_parts > 0 and not self.good_parts)

    @property
    def has_changed(self) -> bool:
        """Whether an analysis could come to another result now."""
        return bool(self.prices_stored or self.products_created or self.has_catalogue)


def run_feed(ready: ReadyRoute, *, desk: Desk, watch: Watch, categories: Collection[str] = ()) -> FeedReport:
    """Fetch everything one bulk route publishes and store it part by part.

    A part that cannot be stored is an error of the run and not remembered, so that it is fetched again; the
    others go on. A failure of the venue, and a mistake in reading what it sent, ends this feed and no other;
    what came before stays. A feed that another run is at is left to it, with a remark.

    Args:
        ready: the route.
        desk: runs it.
        watch: is told, and asked whether to stop.
        categories: games to fetch; empty means all the venue has of ours.

    Raises:
        JobCancelled: if somebody asked for an end; parts stored so far stay.
    """
    with claimed(ready.row) as is_free:
        if is_free:
            return _run_claimed(ready, desk, watch, categories)
    watch.remark("already_running", "Another run is at this feed; it is left to that one.", ready.name)
    return FeedReport(is_busy=True)


def _run_claimed(ready: ReadyRoute, desk: Desk, watch: Watch, categories: Collection[str]) -> FeedReport:
    report = FeedReport()
    note_start(ready.row, now=watch.now)
    wanted = tuple(code for code in ready.source.categories if not categories or code in categories)
    try:
        scraper = desk.scraper(ready.row, ready.route, categories=wanted)
        memory = load_memory(ready.row, mode=desk.setup.mode)
        limit = partial(_seconds_for_a_part, watch)
        with closing(desk.parts(scraper, memory, categories=wanted, seconds=limit)) as parts:
            for part in parts:
                _take(part, ready, desk, watch, report)
                if watch.seconds_left < RESERVE_SECONDS:
                    report.is_complete = False
                    break
    except _ENDS_THE_RUN:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one route does wrong, the others go on
        if isinstance(error, MarkupDrift):
            MARKUP_DRIFT.labels(source=ready.source.code).inc()
        report.error = _note(error, ready, watch, where="")
        return report
    if report.is_complete and not report.failed_parts:
        note_success(ready.row, now=watch.now)
        if 0 < report.parts == report.unchanged:
            note_confirmed(ready.row, now=watch.now)
    return report


def _seconds_for_a_part(watch: Watch) -> float:
    return watch.seconds_left + OVERTIME_SECONDS


def load_memory(row: SourceRoute, *, mode: Mode) -> FeedMemory:
    """Return what is known of the addresses a route downloaded before.

    Real venues ask for pauses of hours and days between two downloads of one file; simulated ones publish by
    the minute, and a demo shows it.
    """
    return FeedMemory(
        is_patient=mode is not Mode.DEMO,
        downloads={
            known.url: Download(
                url=known.url,
                fetched_at=known.fetched_at,
                sha256=known.sha256,
                etag=known.etag,
                last_modified=known.last_modified,
            )
            for known in FeedDownload.objects.filter(route=row)
        },
    )


def _take(part: BulkPart, ready: ReadyRoute, desk: Desk, watch: Watch, report: FeedReport) -> None:
    """Store one part; what is wrong with it stays its own problem."""
    watch.check()
    report.parts += 1
    watch.progress(report.parts, part.total, f"{ready.source.name}: {part.name}")
    try:
        with transaction.atomic():
            _store(part, ready, desk, watch, report)
            if part.download is not None and _may_remember(part, report):
                _remember(ready.row, part.download)
        report.good_parts += not part.is_end
    except _ENDS_THE_RUN:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one part, the others go on
        report.failed_parts += 1
        report.failed_files.add(part.file_key)
        _note(error, ready, watch, where=f"{part.name}: ")
    finally:
        if part.catalogue_file is not None:
            part.catalogue_file.unlink(missing_ok=True)


def _note(error: Exception, ready: ReadyRoute, watch: Watch, *, where: str) -> str:
    """Report what went wrong, to the job, the route and the log; return its code."""
    if isinstance(error, DomainError):
        code, detail = error.code, f"{where}{error.detail}"
        logger.warning("feed.failed", route=ready.name, code=code)
    else:  # its text could carry anything, so only the log has it
        code, detail = INTERNAL_ERROR, f"{where}unexpected {type(error).__name__}; the log says more."
        logger.error("feed.crashed", route=ready.name, exc_info=error)
    watch.error(code, detail, ready.name)
    note_failure(ready.row, code=code, detail=detail, now=watch.now)
    return code


def _store(part: BulkPart, ready: ReadyRoute, desk: Desk, watch: Watch, report: FeedReport) -> None:
    if part.prices is not None:
        report.prices_stored += _store_prices(part, part.prices, ready, watch)
    elif part.articles is not None:
        report.products_created += _store_articles(part, ready, desk, watch)
    elif part.catalogue_file is not None:
        found = import_mtgjson(part.catalogue_file, now=watch.now, progress=lambda *_: watch.check())
        for entity, tally in found.tallies.items():
            watch.count(f"{entity}_created", tally.created)
        report.has_catalogue = bool(found.created_count or found.changed_count)
    elif part.unchanged:
        report.unchanged += 1
        watch.count("parts_unchanged")


def _store_prices(part: BulkPart, prices: ParsedPrices, ready: ReadyRoute, watch: Watch) -> int:
    if prices.source not in {spec.code for spec in ready.source.prices}:
        raise UnknownSource(detail=f"{ready.name} brought prices of {prices.source!r}, which is not its own.")
    batch = record_prices(
        source=price_source(prices.source),
        observations=prices,
        batch=BatchFacts(
            recorded_at=prices.recorded_at or part.fetched_at,
            route=ready.route.route,
            source_url=part.url,
            content_sha256=part.sha256 or (part.download.sha256 if part.download else ""),
            rows_read=prices.rows_read,
            skipped=prices.skipped,
            fetched_at=part.fetched_at,
            parser=part.parser,
        ),
        now=watch.now,
    )
    if batch.rows_read != prices.rows_read:  # lazy feeds know it only now
        batch.rows_read = prices.rows_read
        batch.save(update_fields=["rows_read"])
    count_batch(batch, watch)
    return batch.prices_stored


def count_batch(batch: PriceBatch, watch: Watch) -> None:
    """Add what became of a batch's prices to the counts of a run."""
    watch.count("prices_stored", batch.prices_stored)
    watch.count("prices_known", batch.prices_known)
    watch.count("prices_quarantined", batch.prices_quarantined)
    watch.count("articles_unmatched", batch.skipped.get("unmatched_articles", 0))
    watch.count("rows_unreadable", batch.skipped.get("unreadable_row", 0))


def _store_articles(part: BulkPart, ready: ReadyRoute, desk: Desk, watch: Watch) -> int:
    # what a simulated venue sells beside the demo market would stay behind when the demo goes
    may_create = desk.setup.mode is not Mode.DEMO
    found = import_articles(
        part.articles or (), source=ready.source.code, now=watch.now, may_create=may_create
    )
    watch.count("products_created", found.created)
    watch.count("products_matched", found.matched)
    watch.count("articles_unmatched", len(found.unmatched))
    watch.count("article_conflicts", found.conflict_count)
    if found.unmatched:
        name_unmatched(found.unmatched, now=watch.now)
    return found.created


def _may_remember(part: BulkPart, report: FeedReport) -> bool:
    return part.file_key not in report.failed_files and not (part.is_end and report.failed_parts)


def _remember(row: SourceRoute, download: Download) -> None:
    FeedDownload.objects.update_or_create(
        route=row,
        url=download.url,
        defaults={
            "fetched_at": download.fetched_at,
            "sha256": download.sha256,
            "etag": download.etag[:200],
            "last_modified": download.last_modified[:100],
        },
    )
