"""What every process of the live desk has: an end on request, a health page, a heartbeat each second.

Such a process need not set Django's applications up: this module asks for the settings only, and it works
under uvloop as under asyncio's own loop. Its heartbeat is written by the loop that does the work, so a loop
that hangs goes silent. Readers judge a process by the time in its heartbeat, never by what it last claimed.
"""

import asyncio
import contextlib
import errno
import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self, cast

import redis.asyncio
import structlog
from aiohttp import web
from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from redis.exceptions import RedisError

from common.live import PROCESSES_KEY
from common.redis import open_async_redis, shared_redis

logger = structlog.get_logger(__name__)

Facts = Callable[[], Mapping[str, Any]]

HEARTBEAT_SECONDS: Final = 1.0
WRITE_SECONDS: Final = 2.0
SILENT_MS: Final = 5_000
"""A process not heard of for longer is down, whatever it said last."""
FORGOTTEN_MS: Final = 24 * 3_600_000
"""A process not heard of for longer is no longer expected."""
PORTS_TRIED: Final = 50
STATES: Final = ("live", "degraded", "down")
EXPORTED: Final = ("arbsite_live_", "process_", "python_")
"""Prefixes of the metrics served here; reading the others may take a database, which no loop waits for."""


class LiveProcess:
    """The frame of one live process: `async with LiveProcess(…) as process: await process.stopping.wait()`.

    Inside the block SIGTERM and SIGINT set `stopping` (the second signal changes nothing), `GET /health` and
    `GET /metrics` are answered, and a heartbeat is written every second; a Redis that is gone is tried again.
    A process that ends in good order takes its heartbeat along; one that fails leaves it, to be seen as down.

    Args:
        name: the process's name, such as `ingest`; one process of a name at a time.
        health_port: where the health page is served; 0 means any port, a taken one means the next free one.
        facts: returns the state now: `state` (live, degraded or down), `detail` and any numbers. Called once
            per heartbeat and health request, so it must be quick; one that raises reads as down.
        host: address of the health page, `settings.LIVE_HEALTH_HOST` when None.
    """

    def __init__(self, name: str, *, health_port: int, facts: Facts, host: str | None = None) -> None:
        self.name = name
        self.stopping = asyncio.Event()
        self.port = health_port
        self._host = settings.LIVE_HEALTH_HOST if host is None else host
        self._facts = facts
        self._started_at = datetime.now(tz=UTC)
        self._client: redis.asyncio.Redis | None = None
        self._runner: web.AppRunner | None = None
        self._beating: asyncio.Task[None] | None = None
        self._signals: list[signal.Signals] = []
        self._lag_seconds = 0.0

    async def __aenter__(self) -> Self:
        """Listen for signals, serve the health page, start the heartbeat.

        Raises:
            OSError: if no port from `health_port` on can be bound.
        """
        self._runner, self.port = await _serve(self._application(), self._host, self.port)
        self._catch_signals()
        self._client = open_async_redis()
        self._beating = asyncio.create_task(self._beat(self._client), name=f"{self.name}-heartbeat")
        logger.info("live.started", process=self.name, port=self.port, pid=os.getpid())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop all of it; `stopping` is set, so that whatever still runs can end too."""
        self.stopping.set()
        for one in self._signals:
            asyncio.get_running_loop().remove_signal_handler(one)
        if self._beating is not None:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating
        if self._client is not None:
            if kind is None or issubclass(kind, asyncio.CancelledError | KeyboardInterrupt):
                await self._take_heartbeat_along(self._client)
            await self._client.aclose()
        if self._runner is not None:
            await self._runner.cleanup()
        logger.info("live.stopped", process=self.name, failed=kind.__name__ if kind else "")

    def heartbeat(self, *, now_ms: int) -> dict[str, Any]:
        """Return what the next heartbeat says.

        Args:
            now_ms: Unix time in milliseconds.
        """
        facts = self._read_facts()
        state, detail = str(facts.pop("state", "live")), str(facts.pop("detail", ""))
        if state not in STATES:
            state, detail = "down", f"unknown state {state!r}"
        return {
            "name": self.name,
            "pid": os.getpid(),
            "port": self.port,
            "started_at": self._started_at.isoformat(),
            "at": now_ms,
            "state": state,
            "detail": detail,
            "facts": {**facts, "loop_lag_ms": round(self._lag_seconds * 1_000, 1)},
        }

    def _read_facts(self) -> dict[str, Any]:
        try:
            return dict(self._facts())
        except Exception as error:  # the frame outlives a mistake in what it frames, and shows it
            logger.exception("live.facts_failed", process=self.name)
            return {"state": "down", "detail": f"facts failed: {type(error).__name__}"}

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            # Outside the main thread (tests) nobody sends us signals.
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
                loop.add_signal_handler(one, self.stopping.set)
                self._signals.append(one)

    async def _beat(self, client: redis.asyncio.Redis) -> None:
        has_failed = False
        while True:
            body = json.dumps(self.heartbeat(now_ms=time.time_ns() // 1_000_000), default=str)
            try:
                async with asyncio.timeout(WRITE_SECONDS):
                    await client.hset(PROCESSES_KEY, self.name, body)
                if has_failed:
                    logger.info("live.heard_again", process=self.name)
                has_failed = False
            except (RedisError, OSError) as error:
                if not has_failed:
                    logger.warning("live.unheard", process=self.name, error=type(error).__name__)
                has_failed = True
            before = time.monotonic()
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self._lag_seconds = max(0.0, time.monotonic() - before - HEARTBEAT_SECONDS)

    async def _take_heartbeat_along(self, client: redis.asyncio.Redis) -> None:
        """Remove our heartbeat, unless a successor wrote its own already."""
        with contextlib.suppress(RedisError, OSError):
            async with asyncio.timeout(WRITE_SECONDS):
                raw = await client.hget(PROCESSES_KEY, self.name)
                if raw is not None and json.loads(raw).get("pid") == os.getpid():
                    await client.hdel(PROCESSES_KEY, self.name)

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=1_024)
        application.add_routes([web.get("/health", self._health), web.get("/metrics", self._metrics)])
        return application

    async def _health(self, _request: web.Request) -> web.Response:
        heartbeat = self.heartbeat(now_ms=time.time_ns() // 1_000_000)
        status = {"live": "ok"}.get(heartbeat["state"], heartbeat["state"])
        if self.stopping.is_set():
            status = "stopping"
        return web.Response(
            text=json.dumps({"status": status, **heartbeat}, default=str),
            status=200 if status in ("ok", "degraded") else 503,
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def _metrics(self, _request: web.Request) -> web.Response:
        names = {
            name
            for names in list(REGISTRY._collector_to_names.values())
            for name in names
            if name.startswith(EXPORTED)
        }
        body = generate_latest(REGISTRY.restricted_registry(names))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _serve(application: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Serve at the first free port from `port` on, and say which it was."""
    runner = web.AppRunner(application, handle_signals=False, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    last = port if port == 0 else min(port + PORTS_TRIED, 65_535)
    try:
        for candidate in range(port, last + 1):
            try:
                await web.TCPSite(runner, host, candidate).start()
            except OSError as error:
                if error.errno != errno.EADDRINUSE or candidate == last:
                    raise
            else:
                return runner, int(runner.addresses[0][1])
    except BaseException:
        await runner.cleanup()
        raise
    raise AssertionError("unreachable: the last port is served or raises")


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """What is known of one live process.

    Args:
        name: its name.
        state: `live`, `degraded` or `down`; down when it has been silent for longer than `SILENT_MS`.
        detail: a sentence about the state, often empty.
        age_ms: milliseconds since its last heartbeat.
        pid: process id on its machine.
        port: of its health page.
        started_at: aware time of its start.
        facts: numbers of its own.
    """

    name: str
    state: str
    detail: str
    age_ms: int
    pid: int
    port: int
    started_at: datetime
    facts: Mapping[str, Any]


def read_processes(*, now_ms: int | None = None, client: redis.Redis | None = None) -> list[ProcessHealth]:
    """Return the live processes by name, as far as they wrote a heartbeat within the last day.

    Args:
        now_ms: Unix time in milliseconds; None for the machine's.
        client: where to read, the shared client when None.

    Raises:
        RedisError, OSError: if Redis does not answer.
    """
    now = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    kept = cast("dict[bytes, bytes]", (client or shared_redis()).hgetall(PROCESSES_KEY))
    found = (_read_heartbeat(raw, now) for raw in kept.values())
    known = [one for one in found if one is not None and one.age_ms <= FORGOTTEN_MS]
    return sorted(known, key=lambda one: one.name)


def _read_heartbeat(raw: bytes, now_ms: int) -> ProcessHealth | None:
    try:
        said = json.loads(raw)
        age = max(0, now_ms - int(said["at"]))
        is_silent = age > SILENT_MS
        return ProcessHealth(
            name=str(said["name"]),
            state="down" if is_silent or said["state"] not in STATES else said["state"],
            detail=f"silent for {age // 1_000} s" if is_silent else str(said["detail"]),
            age_ms=age,
            pid=int(said["pid"]),
            port=int(said["port"]),
            started_at=datetime.fromisoformat(said["started_at"]),
            facts=dict(said["facts"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("live.heartbeat_unreadable", error=type(error).__name__)
        return None
