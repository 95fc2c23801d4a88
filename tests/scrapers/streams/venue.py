"""A small exchange on the loopback: each test scripts what it does with a connection."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import aiohttp
from aiohttp import web

from quant.spreads.messages import Beat, Message, Quote, Withdrawn
from scrapers.streams.addresses import StreamAddress
from scrapers.streams.protocol import Adapter, Counts
from scrapers.streams.runner import StreamRunner
from scrapers.streams.timing import Timing
from scrapers.streams.wiring import Wiring

DEADLINE = 20.0
Script = Callable[["Visit"], Awaitable[None]]


class Visit:
    """One connection as the exchange sees it."""

    def __init__(self, number: int, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.number = number
        self.socket = socket
        self.request = request

    async def send(self, *messages: Any) -> None:
        for message in messages:
            await self.socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def receive(self) -> Any:
        text = await self.socket.receive_str()
        return json.loads(text) if text[:1] in "{[" else text

    async def stay(self) -> None:
        """Answer nothing and keep the socket until the client closes it."""
        async for _ in self.socket:
            pass

    def cut(self) -> None:
        """Drop the TCP connection without a word: the client sees 1006."""
        assert self.request.transport is not None
        self.request.transport.abort()


class Exchange:
    """Runs a script for each connection, and REST answers."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.visits: list[Visit] = []
        self.rest: list[web.Response | Callable[[], web.Response]] = []
        self.asked: list[str] = []
        self.refusals: list[web.Response] = []
        self.url = ""

    async def socket(self, request: web.Request) -> web.StreamResponse:
        if self.refusals:
            return self.refusals.pop(0)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        visit = Visit(len(self.visits), socket, request)
        self.visits.append(visit)
        await self.script(visit)
        return socket

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        answer = self.rest.pop(0) if len(self.rest) > 1 else self.rest[0]
        return answer() if callable(answer) else answer

    @property
    def address(self) -> StreamAddress:
        return StreamAddress(f"ws{self.url.removeprefix('http')}", self.url)


@asynccontextmanager
async def exchange(script: Script):
    """Serve an exchange on a free port."""
    one = Exchange(script)
    application = web.Application()
    application.router.add_get("/api/v3/depth", one.answer)
    application.router.add_get("/{path:.*}", one.socket)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield one
    finally:
        await runner.cleanup()


QUICK = {
    "connect": 10.0, "sync": 10.0, "probe": 5.0, "stale": 10.0, "dead": 15.0, "watch": 0.01, "beat": 0.02,
    "spacing": 0.0, "snapshot_spacing": 0.01, "first_backoff": 0.01, "most_backoff": 0.05,
}  # fmt: skip
"""Short where a test would wait, generous where a busy machine could be blamed."""


class Desk:
    """A runner under test, and all it said in order."""

    def __init__(self, runner: StreamRunner, said: list[Message]) -> None:
        self.runner = runner
        self.said = said

    @property
    def quotes(self) -> list[Quote]:
        return [one for one in self.said if isinstance(one, Quote)]

    @property
    def withdrawn(self) -> list[Withdrawn]:
        return [one for one in self.said if isinstance(one, Withdrawn)]

    @property
    def states(self) -> list[str]:
        states = [one.state for one in self.said if isinstance(one, Beat)]
        return [state for at, state in enumerate(states) if at == 0 or states[at - 1] != state]

    async def until(self, condition: Callable[[], Any]) -> None:
        await until(condition)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for a condition; fails long after a busy machine would have met it."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.005)


@asynccontextmanager
async def watching(make: Callable[[Counts], Adapter], one: Exchange, **changes: Any):
    """Run a runner against an exchange."""
    said: list[Message] = []
    async with aiohttp.ClientSession() as http:
        wiring = Wiring(http=http, send=said.append, timing=Timing(**{**QUICK, **changes}), rng=Random(7))
        runner = StreamRunner(make, address=one.address, wiring=wiring)
        task = asyncio.create_task(runner.run())
        try:
            yield Desk(runner, said)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
