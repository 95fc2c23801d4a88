"""A process of its own that paces itself or holds a breaker's probe, and prints when it did what.

Run as `python -m tests.common.resilience.worker TASK REDIS_URL NAMESPACE ARGUMENT…`.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis

from common.resilience import Breaker, Pacer


def say(text: str) -> None:
    """Tell the test that started us."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def pace(client: Redis, namespace: str, delay: str, count: str) -> None:
    """Send `count` imagined requests in turns."""
    pacer = Pacer(client, delay=float(delay), namespace=namespace)
    say("ready")
    await client.blpop([f"{namespace}:go"], timeout=20)
    for _ in range(int(count)):
        await pacer.wait("venue", patience=60)
        say(str(time.monotonic()))
        await pacer.sent("venue")


async def sleep(client: Redis, namespace: str, delay: str, count: str) -> None:
    """Send them the naive way: each process pauses for itself."""
    say("ready")
    await client.blpop([f"{namespace}:go"], timeout=20)
    for _ in range(int(count)):
        say(str(time.monotonic()))
        await asyncio.sleep(float(delay))


async def probe(client: Redis, namespace: str) -> None:
    """Take the probe of a half-open breaker and never come back."""
    permit = await Breaker(client, namespace=namespace).admit("venue")
    say("probe" if permit.is_probe else "no probe")
    await asyncio.sleep(60)


TASKS: dict[str, Callable[..., Awaitable[None]]] = {"pace": pace, "sleep": sleep, "probe": probe}


async def main() -> None:
    """Do the task."""
    task, url, namespace, *arguments = sys.argv[1:]
    client = Redis.from_url(url)
    await TASKS[task](client, namespace, *arguments)
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main())
