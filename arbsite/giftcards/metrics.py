"""The figures of `run_giftcards` for Prometheus, read from its memory when somebody asks."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from scrapers.giftcards.health import CONNECTING, DOWN, LIVE, STALE

from .running import GiftCardDesk

STATES: Final = (CONNECTING, LIVE, STALE, DOWN)


class DeskCollector(Collector):
    """Hands the desk's figures to Prometheus.

    Args:
        desk: whose figures are read.
    """

    def __init__(self, desk: GiftCardDesk) -> None:
        self._desk = desk

    def collect(self) -> Iterable[Metric]:
        """Return all metrics as they are now, one label value per market."""
        polls = CounterMetricFamily(
            "arbsite_live_giftcards_polls", "Questions by what came of them.", labels=["market", "outcome"]
        )
        invalid = CounterMetricFamily(
            "arbsite_live_giftcards_invalid", "Items that were not believed.", labels=["market"]
        )
        reconnects = CounterMetricFamily(
            "arbsite_live_giftcards_reconnects", "Answers after failures.", labels=["market"]
        )
        state = GaugeMetricFamily(
            "arbsite_live_giftcards_state", "1 for the state of the market.", labels=["market", "state"]
        )
        latency = GaugeMetricFamily(
            "arbsite_live_giftcards_latency_seconds", "Of the last complete answer.", labels=["market"]
        )
        for health in self._desk.healths():
            polls.add_metric([health.code, "answered"], health.polls - health.errors)
            polls.add_metric([health.code, "failed"], health.errors)
            invalid.add_metric([health.code], health.invalid)
            reconnects.add_metric([health.code], health.reconnects)
            for one in STATES:
                state.add_metric([health.code, one], float(health.state == one))
            if health.latency_ms is not None:
                latency.add_metric([health.code], health.latency_ms / 1_000)
        return (polls, invalid, reconnects, state, latency, *self._totals())

    def _totals(self) -> Iterable[Metric]:
        facts = self._desk.facts()
        yield GaugeMetricFamily("arbsite_live_giftcards_quotes", "Quotes kept.", value=facts["quotes"])
        yield GaugeMetricFamily("arbsite_live_giftcards_routes", "Open routes.", value=facts["routes_open"])
        yield CounterMetricFamily(
            "arbsite_live_giftcards_published", "News written to Redis.", value=facts["published"]
        )
        yield CounterMetricFamily(
            "arbsite_live_giftcards_dropped", "Sightings lost while Redis was away.", value=facts["dropped"]
        )
