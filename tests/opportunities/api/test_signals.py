import json
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from common.live import SIGNALS_HISTORY
from common.redis import shared_redis

pytestmark = pytest.mark.django_db
URL = "/api/v1/signals/history/"


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    redis = shared_redis()
    redis.delete(SIGNALS_HISTORY)
    for number in range(60):
        pair = "ETH/USDT" if number % 10 == 0 else "BTC/USDT"
        redis.zadd(SIGNALS_HISTORY, {json.dumps({"symbol": pair, "timestamp": number}): number})
    yield
    redis.delete(SIGNALS_HISTORY)


def times(answer: Any) -> list[int]:
    return [one["timestamp"] for one in answer.json()["results"]]


def test_last_fifty_newest_first(api: APIClient) -> None:
    assert times(api.get(URL)) == list(range(59, 9, -1))


def test_limit_and_symbol(api: APIClient) -> None:
    assert times(api.get(URL, {"limit": 2})) == [59, 58]
    assert times(api.get(URL, {"symbol": "ETH/USDT", "limit": "3"})) == [50, 40, 30]
    assert times(api.get(URL, {"symbol": "XRP/USDT"})) == []


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"symbol": "btc"}, {"nope": 1}]
)
def test_strange_parameters_are_refused(api: APIClient, query: dict[str, str | int]) -> None:
    assert api.get(URL, query).status_code == 400


def test_damaged_entry_is_left_out(api: APIClient) -> None:
    shared_redis().zadd(SIGNALS_HISTORY, {"rubbish": 100})

    assert times(api.get(URL, {"limit": 2})) == [59]


def test_without_redis_it_says_so(api: APIClient, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    answer = api.get(URL)

    assert answer.status_code == 503
    assert answer.json()["code"] == "signals_unreadable"
