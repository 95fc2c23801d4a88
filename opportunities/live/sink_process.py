"""The sink as a process: a thread that reads and stores, a loop that answers for its health."""

import asyncio
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import redis
from django.conf import settings
from prometheus_client import REGISTRY, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.backoff import NoBackoff
from redis.retry import Retry

from common.clock import utc_now
from common.live_process import LiveProcess

from .sink import BLOCK_MS, Sink, entries_of

_STUCK_SECONDS: Final = 30.0


class SinkCollector(Collector):
    """Hands the sink's counters to Prometheus when it asks.

    Args:
        sink: whose counters are read.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def describe(self) -> Iterable[Metric]:
        """Return the metrics without values."""
        return self.collect()

    def collect(self) -> Iterable[Metric]:
        """Return all metrics as they are now."""
        family = CounterMetricFamily(
            "arbsite_live_sink_entries", "Sightings by what became of them.", labels=["what"]
        )
        for name, value in entries_of(self._sink.counts):
            family.add_metric([name], value)
        yield family
        yield GaugeMetricFamily(
            "arbsite_live_sink_lag_seconds", "Age of the newest sighting when it was stored.",
            value=self._sink.counts.lag_ms / 1_000,
        )  # fmt: skip


def sink_facts(sink: Sink) -> dict[str, Any]:
    """Return the state of the sink for heartbeat and health page."""
    silent = time.monotonic() - sink.state.stepped_at
    detail = sink.state.trouble
    if not detail and silent > _STUCK_SECONDS:
        detail = f"No step for {silent:.0f} s."
    return {
        "state": "degraded" if detail else "live",
        "detail": detail,
        "lag_ms": sink.counts.lag_ms,
        **dict(entries_of(sink.counts)),
    }


async def run_sink() -> None:
    """Run the sink until the process is told to stop."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=settings.REDIS_SOCKET_SECONDS + BLOCK_MS / 1_000,
        socket_connect_timeout=settings.REDIS_CONNECT_SECONDS,
    )
    stopping = threading.Event()
    sink = Sink(client, clock=utc_now, stopping=stopping)
    collector = SinkCollector(sink)
    REGISTRY.register(collector)
    try:
        async with LiveProcess(
            "sink", health_port=settings.SINK_HEALTH_PORT, facts=lambda: sink_facts(sink)
        ) as live:
            working = asyncio.create_task(asyncio.to_thread(sink.run))
            ending = asyncio.create_task(live.stopping.wait())
            await asyncio.wait([working, ending], return_when=asyncio.FIRST_COMPLETED)
            stopping.set()
            ending.cancel()
            await working
    finally:
        REGISTRY.unregister(collector)
        client.close()
