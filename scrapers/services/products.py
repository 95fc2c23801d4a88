"""Prices of single products: asked route by route, stored with where they came from, outcome remembered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection

from common.errors import DomainError
from common.metrics import MARKUP_DRIFT
from pricing.models import PriceSource
from pricing.observations import BatchFacts
from pricing.selectors import price_source
from pricing.services import record_prices
from scrapers.choices import FetchOutcome
from scrapers.errors import FetchFailed, SourceNotReady
from scrapers.records import ScrapedPrice
from scrapers.registry import SourceSpec
from scrapers.selectors.targets import Article, source_article

from .asking import Answer, Attempt, OpenRoute, ask_routes
from .calls import calls_left, note_calls
from .desk import Desk
from .feeds import count_batch
from .progress import Watch
from .routes import ReadyRoute, note_failure, note_success, ready_routes
from .sales import store_sales

NOT_STORED: Final = "price_not_stored"

_REMEMBER: Final = """
INSERT INTO product_fetches (route_id, product_id, attempted_at, succeeded_at, outcome, detail, failures)
VALUES (%(route)s, %(product)s, %(at)s, %(success)s, %(outcome)s, %(detail)s, %(failure)s)
ON CONFLICT (route_id, product_id) DO UPDATE SET attempted_at = excluded.attempted_at,
    succeeded_at = coalesce(excluded.succeeded_at, product_fetches.succeeded_at),
    outcome = excluded.outcome, detail = excluded.detail,
    failures = CASE excluded.failures WHEN 0 THEN 0 ELSE least(product_fetches.failures + 1, 32000) END
WHERE excluded.attempted_at > product_fetches.attempted_at
"""


@dataclass(slots=True)
class RefreshReport:
    """What a refresh of products did."""

    answered: int = 0
    prices_stored: int = 0
    put_off: list[str] = field(default_factory=list)


def refresh_product(product_id: UUID, *, desk: Desk, watch: Watch) -> RefreshReport:
    """Ask every source that knows a product for its price now, each over its ordered routes, and store.

    Sources that fail, or whose hosts are left alone, are errors of the run; the others go on.

    Args:
        product_id: the product.
        desk: runs the routes.
        watch: is told, and asked whether to stop.

    Raises:
        JobCancelled: if somebody asked for an end; what was stored stays.
    """
    report = RefreshReport()
    groups = by_source(ready_routes(desk.setup, offering="product", watch=watch, now=watch.now))
    known = [(source, routes, source_article(source, product_id)) for source, routes in groups]
    wanted = [(source, routes, article) for source, routes, article in known if article is not None]
    for done, (source, routes, article) in enumerate(wanted):
        watch.check()
        watch.progress(done, len(wanted), source.name)
        opened = open_routes(desk, routes, watch=watch)
        answer = desk.run(ask_routes(article, opened))
        note_calls(opened, now=watch.now)
        if answer.is_put_off:
            report.put_off.append(source.code)
            last = answer.attempts[-1]
            watch.error(last.code, last.detail, last.ready.name)
        report.prices_stored += store_answers([answer], watch=watch)
        report.answered += any(attempt.is_answer for attempt in answer.attempts)
    watch.progress(len(wanted), len(wanted))
    return report


def by_source(routes: Iterable[ReadyRoute]) -> list[tuple[SourceSpec, list[ReadyRoute]]]:
    """Group routes by their source, both in order."""
    groups: dict[str, tuple[SourceSpec, list[ReadyRoute]]] = {}
    for ready in routes:
        groups.setdefault(ready.source.code, (ready.source, []))[1].append(ready)
    return list(groups.values())


def open_routes(desk: Desk, routes: Sequence[ReadyRoute], *, watch: Watch) -> list[OpenRoute]:
    """Return the routes with their open scrapers.

    One whose addresses or options cannot be used is an error of the run; the others go on.
    """
    found = []
    for ready in routes:
        try:
            scraper = desk.scraper(ready.row, ready.route)
            found.append(OpenRoute(ready, scraper, calls_left(ready, now=watch.now)))
        except (FetchFailed, SourceNotReady) as error:
            note_failure(ready.row, code=error.code, detail=error.detail, now=watch.now)
            watch.error(error.code, error.detail, ready.name)
    return found


def store_answers(answers: Sequence[Answer], *, watch: Watch) -> int:
    """Store what products' answers brought and remember every attempt.

    Every record is stored in a transaction of its own. Each locks its source and the audit streams of what
    was stored until it ends: several in one would take locks in whatever order the products come in, and end
    in a deadlock with another worker's. An attempt is remembered after its records, so that a kill between
    the two costs one more question.

    A record that cannot be stored makes its product's attempt a failure and stops nothing else.

    Returns:
        How many prices were stored.
    """
    stored = 0
    failures: list[tuple[Attempt, Article]] = []
    for answer in answers:
        for attempt in answer.sent:
            if attempt.records:
                count, attempt = _store_records(attempt, watch)  # noqa: PLW2901 - how it really ended
                stored += count
            _remember(attempt, answer.article)
            if not attempt.is_answer:
                failures.append((attempt, answer.article))
    _note_routes(answers, watch)
    for attempt, article in failures:
        watch.error(attempt.code, attempt.detail, f"{attempt.ready.name}:{article.name}")
        if attempt.is_drift:
            MARKUP_DRIFT.labels(source=attempt.ready.source.code).inc()
    return stored


def _store_records(attempt: Attempt, watch: Watch) -> tuple[int, Attempt]:
    source = price_source(attempt.ready.source.prices[0].code)
    stored = 0
    for record in attempt.records:
        try:
            stored += _store_record(record, source, watch)
        except DomainError as error:
            code = error.code or NOT_STORED
            return stored, Attempt(attempt.ready, FetchOutcome.UNREADABLE, attempt.at, code, error.detail)
    return stored, attempt


def _store_record(record: ScrapedPrice, source: PriceSource, watch: Watch) -> int:
    stored = 0
    if record.quotes:
        batch = record_prices(
            source=source,
            observations=record.observations(),
            batch=BatchFacts(
                recorded_at=record.observed_at or record.fetched_at,
                route=record.route,
                source_url=record.source_url,
                content_sha256=record.payload_sha256,
                confidence_level=record.confidence_level,
                data_source_quality=record.quality,
                rows_read=1,
                fetched_at=record.fetched_at,
                parser=record.parser,
            ),
            now=watch.now,
        )
        count_batch(batch, watch)
        stored = batch.prices_stored
    if record.sales:
        store_sales(record, source, watch=watch, now=watch.now)
    return stored


def _remember(attempt: Attempt, article: Article) -> None:
    parameters: dict[str, Any] = {
        "route": attempt.ready.row.pk,
        "product": article.product_id,
        "at": attempt.at,
        "success": attempt.at if attempt.is_answer else None,
        "outcome": attempt.outcome.value,
        "detail": "" if attempt.is_answer else f"{attempt.code}: {attempt.detail}"[:300],
        "failure": 0 if attempt.is_answer else 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, parameters)


def _note_routes(answers: Sequence[Answer], watch: Watch) -> None:
    """Remember how each route that was asked did last."""
    last: dict[int, Attempt] = {}
    for answer in answers:
        last |= {attempt.ready.row.pk: attempt for attempt in answer.sent}
        for attempt in answer.sent:
            watch.count(f"fetch_{attempt.outcome.value}")
    for attempt in last.values():
        if attempt.is_answer:
            note_success(attempt.ready.row, now=attempt.at)
        else:
            note_failure(attempt.ready.row, code=attempt.code, detail=attempt.detail, now=attempt.at)
