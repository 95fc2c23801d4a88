"""Real sessions and real servers on this machine for tests of whatever fetches."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from common.resilience import Breaker, BreakerPolicy, Pacer
from scrapers.http import Host, PoliteSession
from scrapers.http.robots import Robots
from tests.common.resilience.namespaces import own_redis

USER_AGENT = "ArbsiteTest/1.0 (+mailto:tests@example.org)"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def kept_distance(times: Sequence[float], started: float, delay: float) -> bool:
    """Tell whether each request came at least `delay` after the turn of the one before.

    Args:
        times: when the venue saw them, in order. A busy machine notes a time late, so two notes may be closer
            than two turns: what holds whatever the machine does is the time since the start.
        started: before the first was asked for.
        delay: seconds.
    """
    return all(time - started >= number * delay for number, time in enumerate(times))


@asynccontextmanager
async def quick_session(
    *bases: str | Host,
    delay: float = 0.0,
    has_robots: bool = False,
    policy: BreakerPolicy | None = None,
    **options: Any,
) -> AsyncIterator[PoliteSession]:
    """Open a session for servers on this machine that waits `delay` seconds between requests."""
    hosts = [base if isinstance(base, Host) else Host.of(base, is_private_allowed=True) for base in bases]
    async with own_redis() as (client, namespace):
        session = PoliteSession(
            user_agent=USER_AGENT,
            pacer=Pacer(client, delay=delay, namespace=namespace),
            breaker=Breaker(client, policy=policy, namespace=namespace),
            robots=Robots(client, user_agent=USER_AGENT, namespace=namespace) if has_robots else None,
            allowed=hosts,
            **options,
        )
        async with session:
            yield session


@asynccontextmanager
async def venue(handler: Handler, **options: Any) -> AsyncIterator[str]:
    """Serve every path with a handler; give the base address."""
    app = web.Application(client_max_size=10_000_000)

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, **options)
    await site.start()
    try:
        yield f"{'https' if 'ssl_context' in options else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
