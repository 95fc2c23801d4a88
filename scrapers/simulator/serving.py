"""Runs a simulator on a port of this machine: inside another program's loop, or alone until stopped."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .app import create_simulator
from .state import SIMULATOR, Simulator
from .world import World

SHUTDOWN_SECONDS = 0.5
LOOPBACK = "127.0.0.1"
STOPPED_BY = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class RunningSimulator:
    """A simulator that answers at `url`. `stop` ends it; hanging answers are cut off."""

    runner: web.AppRunner
    url: str
    simulator: Simulator

    async def stop(self) -> None:
        """Stop answering and close every connection."""
        await self.runner.cleanup()


async def start_simulator(app: web.Application, *, host: str = LOOPBACK, port: int = 0) -> RunningSimulator:
    """Start answering.

    Args:
        app: from `create_simulator`.
        host: address to listen on; anything but the loopback address opens the control interface to others.
        port: 0 takes a free one.

    Raises:
        OSError: if the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    taken = runner.addresses[0]
    name = f"[{taken[0]}]" if ":" in taken[0] else taken[0]
    return RunningSimulator(runner, f"http://{name}:{taken[1]}", app[SIMULATOR])


def serve(
    world: World,
    *,
    port: int,
    host: str = LOOPBACK,
    announce: Callable[[RunningSimulator], object] | None = None,
    **settings: Any,
) -> int:
    """Serve a world until SIGINT or SIGTERM, and return 0.

    Args:
        world: what is for sale.
        port: 0 takes a free one.
        host: see `start_simulator`.
        announce: called once it answers.
        settings: further arguments of `create_simulator` (`faults=demo_script()`, `speed`, `files`, ...).

    Raises:
        OSError: if the port is taken.
    """
    asyncio.run(_serve(create_simulator(world, **settings), host, port, announce))
    return 0


async def _serve(
    app: web.Application, host: str, port: int, announce: Callable[[RunningSimulator], object] | None
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOPPED_BY:
        loop.add_signal_handler(number, stopped.set)
    running = await start_simulator(app, host=host, port=port)
    try:
        if announce is not None:
            announce(running)
        await stopped.wait()
    finally:
        await running.stop()
