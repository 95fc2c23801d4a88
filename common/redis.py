"""Connections to the broker's Redis for shared state (pacing, breakers, cached robots.txt).

What is kept there can be rebuilt: an empty Redis loses no truth. Commands are tried at most twice, so that a
Redis that is gone is noticed at once instead of after half a minute of back-off.
"""

from functools import lru_cache
from typing import Final

import redis
import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

NAMESPACE = "arbsite"
"""First part of every key this product writes itself."""


IMPATIENT_SECONDS: Final = 0.5


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 1),
        socket_timeout=settings.REDIS_SOCKET_SECONDS,
        socket_connect_timeout=settings.REDIS_CONNECT_SECONDS,
    )


def shared_redis() -> redis.Redis:
    """Return this process's client; safe in threads and after a fork."""
    return _client(settings.REDIS_URL)


@lru_cache(maxsize=4)
def _impatient_client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=IMPATIENT_SECONDS,
        socket_connect_timeout=IMPATIENT_SECONDS,
    )


def impatient_redis() -> redis.Redis:
    """Return this process's client for pages that tell how things are: an answer at once, or an error."""
    return _impatient_client(settings.REDIS_URL)


def open_async_redis() -> redis.asyncio.Redis:
    """Return a client for the running event loop; whoever opens it closes it (`await client.aclose()`).

    Commands have no timeout of their own: use `common.resilience.state.shared_state`, which says why.
    """
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL,
        retry=AsyncRetry(NoBackoff(), 1),
        socket_timeout=None,
        socket_connect_timeout=settings.REDIS_CONNECT_SECONDS,
    )
