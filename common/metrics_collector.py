"""Gauges whose truth is in the database: read when Prometheus asks, so every process answers the same."""

from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from common.metrics import AUDIT_BREAKS, AUDIT_VERIFIED_AT, AUDIT_VERIFY_OK, OUTBOX_BACKLOG, OUTBOX_OLDEST

logger = structlog.get_logger(__name__)

_OUTBOX: Final = """
SELECT count(*) FILTER (WHERE published_at IS NULL AND parked_at IS NULL),
    count(*) FILTER (WHERE published_at IS NOT NULL AND parked_at IS NULL),
    count(*) FILTER (WHERE parked_at IS NOT NULL),
    coalesce(extract(epoch FROM clock_timestamp() - min(due_at)
        FILTER (WHERE published_at IS NULL AND parked_at IS NULL AND due_at <= clock_timestamp())), 0)
FROM outbox_messages WHERE done_at IS NULL
"""
_AUDIT: Final = """
SELECT extract(epoch FROM verified_at), break_count FROM audit_verifications ORDER BY verified_at DESC LIMIT 1
"""


class DatabaseCollector(Collector):
    """Reads the outbox backlog and the last audit verification."""

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering does not query the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; none at all while the database is away, which alerts can see."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(_OUTBOX)
                waiting, published, parked, oldest = cursor.fetchone()
                cursor.execute(_AUDIT)
                verification = cursor.fetchone()
        except DatabaseError as error:
            logger.warning("metrics.database_unavailable", error=type(error).__name__)
            return
        backlog = GaugeMetricFamily(
            OUTBOX_BACKLOG, "Outbox messages that are not done, by state.", labels=["state"]
        )
        for state, count in (("waiting", waiting), ("published", published), ("parked", parked)):
            backlog.add_metric([state], count)
        yield backlog
        yield GaugeMetricFamily(
            OUTBOX_OLDEST, "Age of the oldest due unpublished message.", value=float(oldest)
        )
        if verification is not None:
            verified_at, breaks = verification
            yield GaugeMetricFamily(
                AUDIT_VERIFIED_AT, "When the audit chains were last verified.", value=float(verified_at)
            )
            yield GaugeMetricFamily(
                AUDIT_VERIFY_OK, "1 if every chain held then, else 0.", value=int(breaks == 0)
            )
            yield GaugeMetricFamily(AUDIT_BREAKS, "Breaks found then.", value=breaks)


def register_collector() -> None:
    """Add the collector to the process's registry, once."""
    if not any(isinstance(collector, DatabaseCollector) for collector in REGISTRY._collector_to_names):
        REGISTRY.register(DatabaseCollector())
