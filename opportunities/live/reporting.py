"""The figures of the signal process: once a second for control rooms, when asked for Prometheus."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import Metric
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from .latency import BUCKETS_US, percentile_us

if TYPE_CHECKING:
    from .process import SignalProcess

PREFIX: Final = "arbsite_live_signals"
_US_PER_SECOND: Final = 1_000_000


class Reporter:
    """Makes rates out of counters: figures of the time since it was last asked.

    Args:
        process: whose counters are read.
    """

    def __init__(self, process: "SignalProcess") -> None:
        self._process = process
        self._ticks = 0
        self._at_ms = 0
        self._latencies = process.engine.latencies.counts

    def metrics(self, now_ms: int) -> dict[str, Any]:
        """Return the news of topic `metrics`; counters run since the start, rates since the last news.

        Args:
            now_ms: our clock, Unix milliseconds.
        """
        process, engine = self._process, self._process.engine
        seconds = max(now_ms - self._at_ms, 1) / 1_000 if self._at_ms else 1.0
        counts = engine.latencies.since(self._latencies)
        rate = (engine.ticks - self._ticks) / seconds
        self._ticks, self._at_ms, self._latencies = engine.ticks, now_ms, engine.latencies.counts
        beats = engine.beats.values()
        return {
            "name": "live",
            "process": "signals",
            "at": now_ms,
            "ticks_per_second": round(rate, 1),
            "messages": process.receiver.messages,
            "invalid": engine.invalid + process.receiver.invalid + sum(beat.invalid for beat in beats),
            "dropped": process.publisher.counts.dropped + sum(beat.dropped for beat in beats),
            "reconnects": sum(beat.reconnects for beat in beats),
            "lag_ms": max((beat.lag_ms for beat in beats), default=-1),
            "signals": engine.signals,
            "conflated": engine.conflated,
            "open_routes": len(process.watch.open),
            "backlog": process.publisher.backlog,
            "latency": latency_facts(counts),
        }


def latency_facts(counts: tuple[int, ...]) -> dict[str, Any]:
    """Return percentiles and cumulative buckets, as control rooms draw them; null without a signal."""
    buckets: list[dict[str, int | None]] = []
    reached = 0
    for bound, count in zip(BUCKETS_US, counts, strict=False):
        reached += count
        buckets.append({"le_us": bound, "count": reached})
    buckets.append({"le_us": None, "count": sum(counts)})
    return {
        "p50_us": percentile_us(counts, 0.5),
        "p99_us": percentile_us(counts, 0.99),
        "buckets": buckets,
    }


class SignalCollector(Collector):
    """Hands the counters to Prometheus when it asks, so that counting costs a tick nothing.

    Args:
        process: whose counters are read.
    """

    def __init__(self, process: "SignalProcess") -> None:
        self._process = process

    def describe(self) -> Iterable[Metric]:
        """Return the metrics without values."""
        return self.collect()

    def collect(self) -> Iterable[Metric]:
        """Return all metrics as they are now."""
        process, engine = self._process, self._process.engine
        yield _counter("messages", "Messages from ingest.", {"": process.receiver.messages})
        yield _counter("ticks", "Quotes compared.", {"": engine.ticks})
        yield _counter("published", "Signals found.", {"": engine.signals})
        yield _counter("conflated", "Ticks that would have repeated a signal.", {"": engine.conflated})
        invalid = {"message": process.receiver.invalid, "quote": engine.invalid}
        yield _counter("invalid", "Messages and quotes not believed.", invalid, label="what")
        counts = process.publisher.counts
        lost = {"dropped": counts.dropped, "refused": counts.refused}
        yield _counter("lost", "Writes to Redis that were lost.", lost, label="reason")
        yield _gauge("redis_up_state", "Whether Redis takes what is written.", process.publisher.is_connected)
        yield _gauge("open_routes_count", "Routes open now.", len(process.watch.open))
        yield _latency(engine.latencies.counts, engine.latencies.total_us)


def _counter(name: str, text: str, values: Mapping[str, int], *, label: str = "") -> Metric:
    family = CounterMetricFamily(f"{PREFIX}_{name}", text, labels=[label] if label else [])
    for key, value in values.items():
        family.add_metric([key] if label else [], value)
    return family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", text, value=float(value))


def _latency(counts: tuple[int, ...], total_us: int) -> Metric:
    buckets, reached = [], 0
    for bound, count in zip(BUCKETS_US, counts, strict=False):
        reached += count
        buckets.append((str(bound / _US_PER_SECOND), float(reached)))
    buckets.append(("+Inf", float(sum(counts))))
    return HistogramMetricFamily(
        f"{PREFIX}_latency_seconds", "From receipt of a quote to the write of its signal.",
        buckets=buckets, sum_value=total_us / _US_PER_SECOND,
    )  # fmt: skip
