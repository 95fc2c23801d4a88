"""The signal process: receiver, engine and publisher in one loop, with a flush every 100 ms."""

import asyncio
import time
from typing import Any, Final

from django.conf import settings

from common.live_process import LiveProcess

from .engine import SignalEngine
from .publisher import Publisher
from .receiver import Receiver
from .terms import NS_PER_MS, EngineTerms, terms_from_settings

FLUSH_SECONDS: Final = 0.1


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
        self.receiver = Receiver(
            endpoint,
            high_water_mark=settings.ZMQ_HIGH_WATER_MARK,
            engine=self.engine,
            after_burst=self._after_burst,
        )

    def _after_burst(self, now_ns: int) -> None:
        self.publisher.flush(now_ns // NS_PER_MS)
        self.engine.published(now_ns)

    def _write_everything(self) -> None:
        pass

    def facts(self) -> dict[str, Any]:
        """Return the state of the process for heartbeat and health page."""
        return {
            "state": "live" if self.publisher.is_connected else "degraded",
            "detail": "" if self.publisher.is_connected else "Redis does not answer.",
            "messages": self.receiver.messages,
            "signals": self.engine.signals,
        }

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until `stopping` is set."""
        writing = asyncio.create_task(self.publisher.run(), name="publisher")
        self.receiver.start()
        try:
            while not stopping.is_set():
                self._flush(time.time_ns())
                await asyncio.sleep(FLUSH_SECONDS)
        finally:
            self.receiver.close()
            await self.publisher.finish()
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    def _flush(self, now_ns: int) -> None:
        self.engine.sweep(now_ns)
        self._after_burst(now_ns)


async def run_signals() -> None:
    """Run the signal process until it is told to stop."""
    process = SignalProcess(
        terms_from_settings(), endpoint=settings.ZMQ_ENDPOINT, redis_url=settings.REDIS_URL
    )
    async with LiveProcess("signals", health_port=settings.SIGNALS_HEALTH_PORT, facts=process.facts) as live:
        await process.run(live.stopping)
