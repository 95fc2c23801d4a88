"""Quotes of these tests are in Redis; what one test wrote the next must not read."""

from collections.abc import Iterator

import pytest

from common.live import QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis


@pytest.fixture(autouse=True)
def _no_quotes() -> Iterator[None]:
    forget_quotes()
    yield
    forget_quotes()


def forget_quotes() -> None:
    """Remove every live quote."""
    client = shared_redis()
    keys = list(client.scan_iter(match=f"{QUOTES_PREFIX}*"))
    client.delete(SYMBOLS_KEY, *keys)
