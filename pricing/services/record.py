"""Store observations: the only way prices enter the database."""

import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from common.audit import NewEvent, record_events
from common.metrics import PRICE_BATCH_SECONDS, PRICE_ROWS, PRICES_QUARANTINED
from pricing.errors import BatchRefused
from pricing.ingest.confirming import Confirmation, confirm_waiting
from pricing.ingest.judging import SourceFacts, judge, select_fresh
from pricing.ingest.resolving import Window, resolve, unmatched_articles
from pricing.ingest.screening import screen_observations
from pricing.ingest.staging import stage_observations
from pricing.ingest.storing import store_accepted, store_held
from pricing.models import PriceBatch, PriceSource
from pricing.observations import BatchFacts, Observation
from pricing.partitions import EARLIEST_MONTH, ensure_months

from .unmatched import UnmatchedIds

logger = structlog.get_logger(__name__)

EARLIEST: Final = datetime(EARLIEST_MONTH.year, EARLIEST_MONTH.month, 1, tzinfo=UTC)
MAX_FUTURE: Final = timedelta(
    days=1
)  # later than this is nonsense; sooner is held as "observed in the future"
ANALYZE_ABOVE: Final = 10_000  # rows after which the planner should not wait for autovacuum

_TEMPORARY: Final = (
    "staged_prices", "staged_forms", "covered",
    "form_targets", "resolved", "fresh", "price_groups", "verdicts",
    "mid_rates", "peer_kinds", "peer_prices", "peer_medians", "waiting",
)  # fmt: skip


def record_prices(
    *, source: PriceSource, observations: Iterable[Observation], batch: BatchFacts, now: datetime
) -> PriceBatch:
    """Store observations of one source in one transaction, and say what became of each.

    Staged with COPY, resolved to products and variants, judged by the gates of `pricing.quality`, then
    inserted into the monthly partitions; a price that is already stored or held is left alone, so the same
    call twice is a no-op. A current price moves only to a later observation: older data never overwrites
    newer, and while a newer price is held the older accepted one stays and ages. Two calls for one source run
    one after the other. Held prices that the new ones confirm are released (`pricing.ingest.confirming`).

    Args:
        source: where the prices come from; its currency and identifier name space apply.
        observations: any number, consumed once.
        batch: provenance and the default time of observation.
        now: the current time.

    Returns:
        The stored batch with its counts. `prices_read` = stored + known + quarantined + skipped, except that
        one price which stands for two finishes counts twice on the right.

    Raises:
        BatchRefused: if the batch or an observation cannot be meant (absurd or naive time, unknown currency,
            finish, condition or price type, no article). Nothing is stored.
    """
    started = time.monotonic()
    window = _window(batch, now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pricing.record_prices'), %s)", [source.pk])
        cursor.execute("SET LOCAL work_mem = '64MB'")  # sorts and hashes of a whole guide stay in memory
        _drop_temporary(cursor)
        row = _open_batch(source, batch)
        skipped, unmatched = _stage_and_resolve(cursor, row, observations, window)
        row.skipped = dict(Counter(batch.skipped) + skipped)
        reasons = _judge_and_store(cursor, row, now)
        confirmed = confirm_waiting(cursor, now=now) if row.prices_stored or row.prices_quarantined else []
        row.save()
        unmatched.note(now=now)
        events = [NewEvent("prices.recorded", f"price_batch:{row.pk}", _facts(row))]
        record_events([*events, *map(_confirmation_event, confirmed)], actor=None, now=now)
        _drop_temporary(cursor)
    _measure(row, reasons, time.monotonic() - started)
    return row


def _stage_and_resolve(
    cursor: CursorWrapper, row: PriceBatch, observations: Iterable[Observation], window: Window
) -> tuple[Counter[str], UnmatchedIds]:
    """Return why prices were skipped, and the outside ids that no product has."""
    identifier_source = row.source.identifier_source
    screen = screen_observations(cursor, observations, identifier_source=identifier_source)
    staged = stage_observations(cursor, screen.kept)
    row.prices_read = staged + screen.unmatched_prices
    skipped = Counter(resolve(cursor, identifier_source=identifier_source, window=window))
    unknown: dict[str, set[str]] = {identifier_source: set(screen.unmatched_articles)}
    if skipped["unmatched"]:
        for name_space, external_id in unmatched_articles(cursor, identifier_source=identifier_source):
            unknown.setdefault(name_space, set()).add(external_id)
    skipped["unmatched"] += screen.unmatched_prices
    skipped["unmatched_articles"] += len(screen.unmatched_articles)
    return skipped, UnmatchedIds(unknown)


def _judge_and_store(cursor: CursorWrapper, row: PriceBatch, now: datetime) -> dict[str, int]:
    source = row.source
    cursor.execute("SELECT count(*) FROM resolved")
    resolved = cursor.fetchone()[0]
    fresh = select_fresh(cursor, source_id=source.pk)
    row.prices_known = resolved - fresh
    if not fresh:
        return {}
    cursor.execute("SELECT DISTINCT date_trunc('month', seen_at AT TIME ZONE 'UTC') FROM fresh")
    ensure_months(month.date() for (month,) in cursor.fetchall())
    reasons = judge(cursor, _source_facts(row, now))
    row.prices_stored, moved = store_accepted(cursor, source_id=source.pk, batch_id=row.pk)
    if reasons:
        row.prices_quarantined = store_held(cursor, source_id=source.pk, batch_id=row.pk, now=now)
    if moved > ANALYZE_ABOVE:
        cursor.execute("ANALYZE current_prices")
    return reasons


def _source_facts(row: PriceBatch, now: datetime) -> SourceFacts:
    source = row.source
    return SourceFacts(
        source_id=source.pk,
        currency=source.currency,
        market_price_type=source.market_price_type,
        route=row.route,
        now=now,
    )


def _confirmation_event(found: Confirmation) -> NewEvent:
    data = {
        "product_id": found.product_id,
        "source": found.source,
        "price": found.price,
        "recorded_at": found.recorded_at,
        "confirmed_by": found.how,
        "confirmed_with": found.what,
    }
    return NewEvent("price.confirmed", f"quarantined_price:{found.quarantined_id}", data)


def _window(batch: BatchFacts, now: datetime) -> Window:
    if batch.recorded_at.tzinfo is None:
        raise BatchRefused("naive_time", "The batch's time has no zone.")
    window = Window(recorded_at=batch.recorded_at, earliest=EARLIEST, latest=now + MAX_FUTURE)
    if not window.earliest <= batch.recorded_at <= window.latest:
        raise BatchRefused(
            "absurd_date",
            f"Prices of {batch.recorded_at:%Y-%m-%d %H:%M} cannot be: before {EARLIEST:%Y-%m} or in future.",
        )
    return window


def _open_batch(source: PriceSource, batch: BatchFacts) -> PriceBatch:
    return PriceBatch.objects.create(
        source=source,
        route=batch.route,
        source_url=batch.source_url[:500],
        content_sha256=batch.content_sha256,
        confidence_level=batch.confidence_level,
        data_source_quality=batch.data_source_quality,
        recorded_at=batch.recorded_at,
        fetched_at=batch.fetched_at,
        parser=batch.parser,
        rows_read=batch.rows_read,
    )


def _drop_temporary(cursor: CursorWrapper) -> None:
    # ON COMMIT DROP is not enough: one transaction may record several batches
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in _TEMPORARY)}")


def _facts(row: PriceBatch) -> dict[str, object]:
    return {
        "source": row.source.code,
        "recorded_at": row.recorded_at.astimezone(UTC).isoformat(),
        "content_sha256": row.content_sha256,
        "prices_read": row.prices_read,
        "prices_stored": row.prices_stored,
        "prices_known": row.prices_known,
        "prices_quarantined": row.prices_quarantined,
        "skipped": row.skipped,
    }


def _measure(row: PriceBatch, reasons: dict[str, int], seconds: float) -> None:
    code = row.source.code
    outcomes = (
        ("stored", row.prices_stored),
        ("known", row.prices_known),
        ("quarantined", row.prices_quarantined),
    )
    for outcome, count in outcomes:
        PRICE_ROWS.labels(source=code, outcome=outcome).inc(count)
    for reason, count in reasons.items():
        PRICES_QUARANTINED.labels(source=code, reason=reason).inc(count)
    PRICE_BATCH_SECONDS.labels(source=code).observe(seconds)
    logger.info("prices.recorded", batch_id=row.pk, seconds=round(seconds, 3), **_facts(row))
