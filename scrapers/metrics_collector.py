"""Gauges of the sources whose truth is in PostgreSQL and Redis: read when Prometheus asks."""

import time
from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from common.clock import utc_now
from common.metrics import BREAKER_STATE, PRODUCTS_FRESH_SHARE

logger = structlog.get_logger(__name__)

_KEEP_SECONDS: Final = 60.0
BREAKER_VALUES: Final = {"closed": 0, "half_open": 1, "open": 2}


class SourceCollector(Collector):
    """Reads breakers, and the share of fresh products: its query is too heavy for every scrape."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._shares: dict[str, float] = {}

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering does not query the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; the source `all` is every one that opportunities come from."""
        yield _breakers()
        if time.monotonic() - self._read_at >= _KEEP_SECONDS:
            try:
                self._shares = _read()
            except DatabaseError as error:
                logger.warning("metrics.database_unavailable", error=type(error).__name__)
                return
            self._read_at = time.monotonic()
        family = GaugeMetricFamily(
            PRODUCTS_FRESH_SHARE, "Products with a price of the last 4 hours, of those tracked.",
            labels=["source"],
        )  # fmt: skip
        for source, share in self._shares.items():
            family.add_metric([source], share)
        yield family


def register_collector() -> None:
    """Add the collector to the process's registry, once."""
    if not any(isinstance(collector, SourceCollector) for collector in REGISTRY._collector_to_names):
        REGISTRY.register(SourceCollector())


def _breakers() -> Metric:
    from scrapers.selectors.hosts import host_states  # models are not ready when this module is imported

    simulator, real = settings.VENUE_SIMULATOR_URL, settings.VENUE_URLS
    urls = {name: f"{simulator}/{name}" if simulator else url for name, url in real.items()}
    states = host_states([url for url in urls.values() if url])
    family = GaugeMetricFamily(
        BREAKER_STATE, "Breaker of a venue's host: 0 closed, 1 half open, 2 open.", labels=["venue"]
    )
    for name, url in urls.items():
        value = BREAKER_VALUES.get(states[url].breaker) if url else None
        if value is not None:  # unknown while Redis does not answer
            family.add_metric([name], value)
    return family


def _read() -> dict[str, float]:
    from scrapers.selectors.coverage import coverage  # models are not ready when this module is imported

    found = coverage(now=utc_now())
    return {"all": float(found.share)} | {item.source: float(item.share) for item in found.by_source}
