"""The ingest process: all enabled exchanges in one loop, one ZeroMQ socket, one health page."""

import asyncio
import contextlib
from collections.abc import Sequence
from random import SystemRandom
from typing import Final

import aiohttp
import structlog
import uvloop
from django.conf import settings
from prometheus_client import REGISTRY

from common.live_process import LiveProcess

from .addresses import address_of
from .exchanges import adapter_maker
from .facts import IngestCollector, ingest_facts
from .options import Options
from .outlet import Outlet
from .recording import Recorder
from .replaying import Report, replay
from .runner import StreamRunner
from .timing import Timing
from .wiring import Wiring

logger = structlog.get_logger(__name__)

NAME: Final = "ingest"
FLUSH_SECONDS: Final = 1.0
RESTART_SECONDS: Final = 5.0


def ingest(options: Options) -> None:
    """Watch the exchanges until SIGTERM or SIGINT.

    Raises:
        AddressInvalid: if an address from the environment is none.
        EndpointTaken: if the ZeroMQ endpoint cannot be bound.
        OSError: if the recording cannot be written.
    """
    uvloop.run(_ingest(options))


def replay_recording(options: Options) -> Report:
    """Go through a recording, telling the engine unless it is a dry run.

    Raises:
        EndpointTaken: if the ZeroMQ endpoint cannot be bound.
        RecordingInvalid: if a line cannot be read.
        OSError: if the file cannot be read.
    """
    return uvloop.run(_replay(options))


async def _replay(options: Options) -> Report:
    if options.dry_run:
        return await replay(options, send=lambda _message: None)
    with Outlet(settings.ZMQ_ENDPOINT, high_water_mark=settings.ZMQ_HIGH_WATER_MARK) as outlet:
        return await replay(options, send=outlet.send)


async def _ingest(options: Options) -> None:
    async with contextlib.AsyncExitStack() as stack:
        recorder = stack.enter_context(Recorder(options.record)) if options.record else None
        outlet = stack.enter_context(
            Outlet(settings.ZMQ_ENDPOINT, high_water_mark=settings.ZMQ_HIGH_WATER_MARK)
        )
        http = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"User-Agent": settings.SCRAPING_USER_AGENT})
        )
        wiring = Wiring(
            http=http,
            send=outlet.send,
            timing=Timing(),
            rng=SystemRandom(),
            recorded=recorder.record if recorder else None,
            dropped=lambda exchange: outlet.dropped.get(exchange, 0),
        )
        runners = [_runner(exchange, options, wiring) for exchange in options.exchanges]
        REGISTRY.register(IngestCollector(runners, outlet))
        process = await stack.enter_async_context(
            LiveProcess(
                NAME, health_port=settings.INGEST_HEALTH_PORT, facts=lambda: ingest_facts(runners, outlet)
            )
        )
        await _serve(process, runners, recorder)


def _runner(exchange: str, options: Options, wiring: Wiring) -> StreamRunner:
    return StreamRunner(
        adapter_maker(exchange, options.pairs, has_books=exchange in options.books),
        address=address_of(exchange),
        wiring=wiring,
    )


async def _serve(process: LiveProcess, runners: Sequence[StreamRunner], recorder: Recorder | None) -> None:
    tasks = [asyncio.create_task(_kept_running(runner)) for runner in runners]
    if recorder is not None:
        tasks.append(asyncio.create_task(_flushed(recorder)))
    try:
        await process.stopping.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_running(runner: StreamRunner) -> None:
    """Run one exchange for ever: what breaks it must not break the others."""
    while True:
        try:
            await runner.run()
        except Exception:  # the edge of the process: shown, then tried again
            logger.exception("stream.broken", exchange=runner.exchange)
            runner.last_error = "broken"
            await asyncio.sleep(RESTART_SECONDS)


async def _flushed(recorder: Recorder) -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        recorder.flush()
