"""What the ingest process says about itself: facts for heartbeats and health, figures for Prometheus."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from .latency import BUCKETS_US
from .outlet import Outlet
from .runner import LIVE, StreamRunner

STATES: Final = ("connecting", "syncing", "live", "stale", "stopped")
COUNTED: Final = (
    "quotes", "proven", "invalid", "skewed", "crossed", "unknown", "repeated", "gaps", "checksums", "refused"
)  # fmt: skip
_PAGE_BYTES: Final = 4_096
_STATM: Final = Path("/proc/self/statm")


def ingest_facts(runners: Sequence[StreamRunner], outlet: Outlet) -> Mapping[str, Any]:
    """Return the facts of a heartbeat: live when all exchanges are, down when none is."""
    live = [runner for runner in runners if runner.state == LIVE]
    others = [f"{runner.exchange} {runner.state}" for runner in runners if runner.state != LIVE]
    counts = [sum(runner.latency.counts[at] for runner in runners) for at in range(len(BUCKETS_US) + 1)]
    return {
        "state": "live" if not others else "degraded" if live else "down",
        "detail": ", ".join(others),
        "messages": sum(runner.counts.messages for runner in runners),
        "quotes": sum(runner.counts.quotes for runner in runners),
        "invalid": sum(runner.counts.invalid for runner in runners),
        "dropped": sum(outlet.dropped.values()),
        "sent": outlet.sent,
        "reconnects": sum(runner.reconnects for runner in runners),
        "gaps": sum(runner.counts.gaps + runner.counts.checksums for runner in runners),
        "memory_mb": memory_mb(),
        "latency": {
            "p50_us": max((runner.latency.quantile_us(0.5) for runner in runners), default=0),
            "p99_us": max((runner.latency.quantile_us(0.99) for runner in runners), default=0),
            "buckets": [
                {"le_us": bound, "count": count}
                for bound, count in zip((*BUCKETS_US, None), accumulate(counts), strict=True)
            ],
        },
        "exchanges": {runner.exchange: exchange_facts(runner, outlet) for runner in runners},
    }


def exchange_facts(runner: StreamRunner, outlet: Outlet) -> Mapping[str, Any]:
    """Return the facts of one exchange."""
    return {
        "state": runner.state,
        "lag_ms": runner.lag_ms,
        "pairs": len(runner.quotes),
        "messages": runner.counts.messages,
        **{name: getattr(runner.counts, name) for name in COUNTED},
        "dropped": outlet.dropped.get(runner.exchange, 0),
        "reconnects": runner.reconnects,
        "rollovers": runner.rollovers,
        "p50_us": runner.latency.quantile_us(0.5),
        "p99_us": runner.latency.quantile_us(0.99),
        "last_error": runner.error,
    }


def memory_mb() -> float:
    """Return the resident memory of this process in MiB; 0 where the system does not tell."""
    try:
        return round(int(_STATM.read_text().split()[1]) * _PAGE_BYTES / 1_048_576, 1)
    except (OSError, ValueError, IndexError):
        return 0.0


class IngestCollector(Collector):
    """Reads the figures when Prometheus asks, so that a message costs nothing for it.

    Args:
        runners: of all exchanges.
        outlet: where messages go out.
    """

    def __init__(self, runners: Sequence[StreamRunner], outlet: Outlet) -> None:
        self._runners = runners
        self._outlet = outlet

    def collect(self) -> Iterable[Metric]:
        """Yield all metrics, one label value per exchange."""
        messages = CounterMetricFamily(
            "arbsite_live_ingest_messages",
            "Messages received by what they were.",
            labels=["exchange", "kind"],
        )
        dropped = CounterMetricFamily(
            "arbsite_live_ingest_dropped", "Messages the queue had no room for.", labels=["exchange"]
        )
        reconnects = CounterMetricFamily(
            "arbsite_live_ingest_reconnects", "Connections made anew.", labels=["exchange"]
        )
        state = GaugeMetricFamily(
            "arbsite_live_ingest_state", "1 for the state of the connection.", labels=["exchange", "state"]
        )
        seconds = HistogramMetricFamily(
            "arbsite_live_ingest_seconds", "From a frame's receipt until it is sent.", labels=["exchange"]
        )
        for runner in self._runners:
            name = runner.exchange
            messages.add_metric([name, "received"], runner.counts.messages)
            for kind in COUNTED:
                messages.add_metric([name, kind], getattr(runner.counts, kind))
            dropped.add_metric([name], self._outlet.dropped.get(name, 0))
            reconnects.add_metric([name], runner.reconnects)
            for one in STATES:
                state.add_metric([name, one], float(runner.state == one))
            seconds.add_metric([name], *_histogram(runner))
        return (messages, dropped, reconnects, state, seconds)


def _histogram(runner: StreamRunner) -> tuple[list[tuple[str, float]], float]:
    """Return cumulative buckets in seconds, and the sum."""
    passed, buckets = 0, []
    for bound, count in zip((*BUCKETS_US, None), runner.latency.counts, strict=True):
        passed += count
        buckets.append(("+Inf" if bound is None else str(bound / 1_000_000), float(passed)))
    return buckets, runner.latency.total_us / 1_000_000
