"""Commands to the Redis that holds the shared state: bounded, and failing in one way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import redis

from .errors import StateUnavailable

COMMAND_SECONDS: Final = 5.0


@contextmanager
def blocking_state() -> Iterator[None]:
    """Turn any failure of Redis into `StateUnavailable`."""
    try:
        yield
    except (redis.RedisError, OSError) as error:
        raise StateUnavailable(detail=f"Redis does not answer: {type(error).__name__}.") from error


@asynccontextmanager
async def shared_state() -> AsyncIterator[None]:
    """Bound asynchronous commands, and turn any failure of Redis into `StateUnavailable`.

    The client itself has no timeout for commands: redis-py implements it with `asyncio.wait_for`, which in
    Python 3.11 loses a cancellation (such as a caller's deadline) that arrives when the command is done.
    """
    with blocking_state():
        async with asyncio.timeout(COMMAND_SECONDS):
            yield
