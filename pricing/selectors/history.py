"""Past prices: R002's columns by name, series for confidence, and buckets for charts."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from pricing.models import PriceHistory, PriceSource

STABILITY_DAYS: Final = 30
MAX_CHART_POINTS: Final = 2000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SMALLINT, _INTEGER = 1 << 15, 1 << 31

_DAILY_MEDIANS = """
SELECT h.product_key, v.finish, (h.recorded_at AT TIME ZONE 'UTC')::date AS day,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY h.price)::numeric(12, 2)
  FROM price_history h
  JOIN price_variants v ON v.id = h.variant_id
 WHERE h.source_id = %(source_id)s AND h.product_key = ANY(%(product_keys)s)
   AND v.price_type = %(price_type)s AND v.currency = %(currency)s
   AND v.condition IN ('unopened', 'near_mint', 'any')
   AND h.recorded_at > %(after)s AND h.recorded_at <= %(until)s
 GROUP BY h.product_key, v.finish, day
 ORDER BY h.product_key, v.finish, day
"""

_KNOWN = """   AND NOT EXISTS (SELECT FROM quarantined_prices q JOIN products p ON p.id = q.product_id
                    WHERE q.status = 'released' AND q.decided_at > %(until)s AND p.key = h.product_key
                      AND q.source_id = h.source_id AND q.variant_id = h.variant_id
                      AND q.recorded_at = h.recorded_at)
"""
_DAILY_MEDIANS_KNOWN = _DAILY_MEDIANS.replace(" GROUP BY", f"{_KNOWN} GROUP BY")

_CHART = """
SELECT date_bin(%(bucket)s, h.recorded_at, timestamptz '2000-01-03 00:00:00+00') AS starts_at, count(*),
       min(h.price), percentile_cont(0.5) WITHIN GROUP (ORDER BY h.price)::numeric(12, 2), max(h.price),
       (array_agg(h.price ORDER BY h.recorded_at DESC))[1]
  FROM price_history h
  JOIN price_variants v ON v.id = h.variant_id
 WHERE h.product_key = %(product_key)s AND h.source_id = %(source_id)s AND v.price_type = %(price_type)s
   AND v.finish = %(finish)s AND v.currency = %(currency)s AND v.condition IN ('unopened', 'near_mint', 'any')
   AND h.recorded_at > %(after)s AND h.recorded_at <= %(until)s
 GROUP BY starts_at ORDER BY starts_at
"""


@dataclass(frozen=True, slots=True)
class DailyMedian:
    """The median of one product's prices on one day (UTC), in the source's currency."""

    day: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One bucket of a chart: how many prices it holds, and their range."""

    starts_at: datetime
    count: int
    low: Decimal
    median: Decimal
    high: Decimal
    last: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """Which prices of a source a series is made of; None takes the source's market statistic."""

    source: PriceSource
    price_type: str | None = None

    def as_parameters(self) -> dict[str, Any]:
        """Return the series as named SQL parameters."""
        return {
            "source_id": self.source.pk,
            "price_type": self.price_type or self.source.market_price_type,
            "currency": self.source.currency,
        }


def price_history() -> models.QuerySet[PriceHistory]:
    """Return the history with R002's column names; always filter it, and order it by time and id."""
    return PriceHistory.objects.all()


def price_stability_inputs(
    *,
    product_keys: Collection[int],
    source: PriceSource,
    now: datetime,
    price_type: str | None = None,
    days: int = STABILITY_DAYS,
    is_replay: bool = False,
) -> dict[tuple[int, str], list[DailyMedian]]:
    """Return the daily median prices of many products in one statement.

    Args:
        product_keys: whose series.
        source: whose prices; only its own currency counts.
        now: the end of the period.
        price_type: None takes the source's market statistic.
        days: length of the period.
        is_replay: leave out what was still held in quarantine at `now`, though it was released since.

    Returns:
        (product key, finish) -> medians of the days that have a price, oldest first. Keys without one are
        absent.
    """
    parameters = Series(source, price_type).as_parameters()
    parameters |= {"product_keys": list(product_keys), "after": now - timedelta(days=days), "until": now}
    series: dict[tuple[int, str], list[DailyMedian]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_DAILY_MEDIANS_KNOWN if is_replay else _DAILY_MEDIANS, parameters)
        for product_key, finish, day, price in cursor.fetchall():
            series[product_key, finish].append(DailyMedian(day, price))
    return dict(series)


def price_chart(
    *, product_key: int, finish: str, series: Series, period: tuple[datetime, datetime], bucket: timedelta
) -> list[HistoryPoint]:
    """Return the history of one product in equal buckets that have prices, oldest first.

    Args:
        product_key: which product.
        finish: which version of it.
        series: which prices.
        period: (after, until], aware.
        bucket: width; a week's bucket starts on Monday.

    Raises:
        ValueError: if the period holds more than `MAX_CHART_POINTS` buckets.
    """
    after, until = period
    if bucket <= timedelta(0) or (until - after) / bucket > MAX_CHART_POINTS:
        raise ValueError(f"a chart has at most {MAX_CHART_POINTS} points")
    parameters = series.as_parameters()
    parameters |= {
        "product_key": product_key,
        "finish": finish,
        "after": after,
        "until": until,
        "bucket": bucket,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHART, parameters)
        return [HistoryPoint(*row) for row in cursor.fetchall()]


def record_id(*, product_key: int, source_id: int, variant_id: int, recorded_at: datetime) -> UUID:
    """Return a history row's id: its natural key in 128 bits, as the view `price_history_named` makes it."""
    microseconds = (recorded_at - _EPOCH) // timedelta(microseconds=1)
    return UUID(int=product_key << 96 | source_id << 80 | variant_id << 64 | microseconds)


def record_key(identifier: UUID) -> tuple[int, int, int, datetime] | None:
    """Return (product key, source id, variant id, recorded at) of a history row's id; None if it is no id."""
    product_key, source_id = identifier.int >> 96, identifier.int >> 80 & 0xFFFF
    variant_id, microseconds = identifier.int >> 64 & 0xFFFF, identifier.int & 0xFFFF_FFFF_FFFF_FFFF
    if product_key >= _INTEGER or max(source_id, variant_id) >= _SMALLINT:
        return None
    try:
        return product_key, source_id, variant_id, _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return None
