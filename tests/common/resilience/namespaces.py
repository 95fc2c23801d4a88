"""Redis keys of one test, gone afterwards: tests may share a server and run side by side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from redis.asyncio import Redis

from common.redis import open_async_redis


@asynccontextmanager
async def own_redis() -> AsyncIterator[tuple[Redis, str]]:
    """Give a client and a namespace of its own, which is emptied afterwards."""
    client, namespace = open_async_redis(), f"test:{uuid4().hex}"
    try:
        yield client, namespace
    finally:
        keys = [key async for key in client.scan_iter(match=f"{namespace}:*", count=1000)]
        if keys:
            await client.delete(*keys)
        await client.aclose()
