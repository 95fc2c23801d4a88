"""The signal process: receiver, engine and publisher in one loop, with a look around every 100 ms."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from prometheus_client import REGISTRY

from common.events import Topic
from common.live_process import LiveProcess

from .basis import BasisRoutes
from .engine import SILENCE_MS, SignalEngine
from .news import forget_old_symbols, market_commands, market_facts, named, quote_commands
from .pair_book import STALE
from .publisher import Publisher
from .receiver import Receiver
from .reporting import Reporter, SignalCollector
from .resp import add_news
from .sighting import SightedRoute, as_bytes
from .terms import NS_PER_MS, EngineTerms, terms_from_settings
from .triangles import Triangles
from .watching import RouteWatch

FLUSH_SECONDS: Final = 0.1
_METRICS_MS: Final = 1_000


class SignalProcess:
    """Everything `manage.py run_signals` runs.

    Args:
        terms: what to compare by.
        endpoint: where ingest is bound.
        redis_url: where signals go.
    """

    def __init__(self, terms: EngineTerms, *, endpoint: str, redis_url: str) -> None:
        self.publisher = Publisher(
            redis_url, max_age_ms=terms.max_age_ms, on_connected=self._write_everything
        )
        self.engine = SignalEngine(terms, add_signal=self.publisher.add_signal)
        self.watch = RouteWatch(terms, tell=self._tell)
        self.basis = BasisRoutes(self.engine, add_signal=self.publisher.add_signal, see=self.watch.see)
        self.triangles = Triangles(self.engine, add_signal=self.publisher.add_signal)
        self.receiver = Receiver(
            endpoint,
            high_water_mark=settings.ZMQ_HIGH_WATER_MARK,
            engine=self.engine,
            after_burst=self._after_burst,
        )
        self._reporter = Reporter(self)
        self._reported_ms = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until `stopping` is set, then close what is open and write the rest."""
        writing = asyncio.create_task(self.publisher.run(), name="publisher")
        self.receiver.start()
        try:
            while not stopping.is_set():
                self.look(time.time_ns())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FLUSH_SECONDS):
                        await stopping.wait()
        finally:
            self.receiver.close()
            self._say_goodbye(time.time_ns() // NS_PER_MS)
            await self.publisher.finish()
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    def _say_goodbye(self, now_ms: int) -> None:
        """Close every route and show every quote as stale: nobody looks after them from now on."""
        self.watch.close_all("stale", now_ms)
        for book in self.engine.books.values():
            for venue, _ in book.live_quotes():
                book.withdraw(venue, STALE, "stopped")
            if book.changed:
                self.publisher.add_news(*quote_commands(book, self.engine.terms.venues))
        self.publisher.flush(now_ms)

    def look(self, now_ns: int) -> None:
        """Take out what is stale and write what changed: routes, quotes, and once a second figures.

        Args:
            now_ns: our clock, Unix nanoseconds.
        """
        now_ms = now_ns // NS_PER_MS
        self.engine.sweep(now_ns)
        self.watch.begin()
        for book in self.engine.books.values():
            self.watch.see_book(self.engine, book, now_ns)
            if book.changed and self.publisher.is_connected:
                self.publisher.add_news(*quote_commands(book, self.engine.terms.venues))
            if book.newest_signal is not None:
                key, body = book.newest_signal
                book.newest_signal = None
                self.publisher.add_news(add_news(Topic.SIGNAL, key, named("signal", body)), 1)
        self.basis.look(now_ns)
        self.triangles.look(now_ns)
        self.watch.finish(self.engine, now_ms)
        if now_ms - self._reported_ms >= _METRICS_MS or now_ms < self._reported_ms:
            self._reported_ms = now_ms
            self._report(now_ms)
        self._after_burst(now_ns)

    def facts(self) -> dict[str, Any]:
        """Return the state of the process for heartbeat and health page."""
        state, detail = self._state(time.time_ns())
        counts = self.publisher.counts
        return {
            "state": state,
            "detail": detail,
            "messages": self.receiver.messages,
            "invalid": self.engine.invalid + self.receiver.invalid,
            "ticks": self.engine.ticks,
            "signals": self.engine.signals,
            "conflated": self.engine.conflated,
            "open_routes": len(self.watch.open),
            "dropped": counts.dropped,
            "refused": counts.refused,
            "reconnects": max(0, counts.connections - 1),
            "lag_ms": max((beat.lag_ms for beat in self.engine.beats.values()), default=-1),
        }

    def _state(self, now_ns: int) -> tuple[str, str]:
        if not self.publisher.is_connected:
            return "degraded", "Redis does not take what is written."
        if self.publisher.refusal:
            return "degraded", f"Redis refused a command: {self.publisher.refusal}"
        silent = sorted(code for code in self.engine.heard if self.engine.is_silent(code, now_ns))
        if not self.engine.heard:
            return "degraded", "No word from run_ingest."
        if silent:
            return "degraded", f"No word from run_ingest about {', '.join(silent)}."
        return "live", ""

    def _tell(self, route: SightedRoute, sighting: Mapping[str, Any]) -> None:
        body = as_bytes(sighting)
        self.publisher.add_sighting(body)
        told = {"name": sighting["event"], "id": route.id, **sighting}
        told.pop("inputs")
        key = route.id
        self.publisher.add_news(add_news(Topic.SPREAD, key, json.dumps(told).encode()), 1)

    def _report(self, now_ms: int) -> None:
        body = json.dumps(self._reporter.metrics(now_ms), separators=(",", ":")).encode()
        self.publisher.add_news(add_news(Topic.METRICS, "signals", body) + forget_old_symbols(now_ms), 2)
        for code, beat in self.engine.beats.items():
            facts = market_facts(
                beat,
                is_silent=now_ms - self.engine.heard[code] // NS_PER_MS > SILENCE_MS,
                last_quote_ms=self.engine.last_quote_ms(code),
                now_ms=now_ms,
            )
            self.publisher.add_news(*market_commands(facts))

    def _after_burst(self, now_ns: int) -> None:
        if self.publisher.flush(now_ns // NS_PER_MS):
            self.engine.published(time.time_ns())
        else:
            self.engine.forget_unpublished()

    def _write_everything(self) -> None:
        """Mark all that Redis may have lost, to be written at the next look."""
        self.watch.forget_told()
        for book in self.engine.books.values():
            book.mark_all()


async def run_signals() -> None:
    """Run the signal process until it is told to stop."""
    process = SignalProcess(
        terms_from_settings(), endpoint=settings.ZMQ_ENDPOINT, redis_url=settings.REDIS_URL
    )
    collector = SignalCollector(process)
    REGISTRY.register(collector)
    try:
        async with LiveProcess(
            "signals", health_port=settings.SIGNALS_HEALTH_PORT, facts=process.facts
        ) as live:
            await process.run(live.stopping)
    finally:
        REGISTRY.unregister(collector)
