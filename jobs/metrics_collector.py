"""The gauge of jobs: their truth is in the database, so it is read when Prometheus asks."""

from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from common.metrics import JOBS_COUNT

logger = structlog.get_logger(__name__)

_RECENT: Final = """
SELECT kind, state, count(*) FROM jobs WHERE created_at > clock_timestamp() - interval '1 day' GROUP BY 1, 2
"""


class JobCollector(Collector):
    """Counts the jobs of the last day by kind and state."""

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering does not query the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the gauge; nothing while the database is away, which alerts can see."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(_RECENT)
                rows = cursor.fetchall()
        except DatabaseError as error:
            logger.warning("metrics.database_unavailable", error=type(error).__name__)
            return
        family = GaugeMetricFamily(JOBS_COUNT, "Jobs of the last day.", labels=["kind", "state"])
        for kind, state, count in rows:
            family.add_metric([kind, state], count)
        yield family


def register_collector() -> None:
    """Add the collector to the process's registry, once."""
    if not any(isinstance(collector, JobCollector) for collector in REGISTRY._collector_to_names):
        REGISTRY.register(JobCollector())
