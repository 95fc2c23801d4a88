"""Rate limits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from common.api.throttling import AnonymousThrottle

REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache"}
UNREACHABLE = {"default": {**REDIS, "LOCATION": "unix:///nowhere/redis.sock"}}


@pytest.mark.django_db
def test_api_answers_when_the_cache_that_counts_is_down(client):
    with override_settings(CACHES=UNREACHABLE):
        assert client.get("/api/v1/session/").status_code == 200


@pytest.mark.django_db
def test_caller_over_the_limit_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(AnonymousThrottle, "rate", "2/min", raising=False)

    statuses = [client.get("/api/v1/session/").status_code for _ in range(3)]
    last = client.get("/api/v1/session/")

    assert statuses == [200, 200, 429]
    assert last.json()["code"] == "throttled"
    assert 0 < int(last["Retry-After"]) <= 60


LIMITS = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]


def _limit(name: str) -> int:
    return int(LIMITS[name].partition("/")[0])


@pytest.mark.django_db
def test_every_answer_says_what_is_left(client):
    first = client.get("/api/v1/session/")
    second = client.get("/api/v1/session/")

    assert first["RateLimit-Policy"] == f'"anon";q={_limit("anon")};w=60'
    assert first["RateLimit"] == f'"anon";r={_limit("anon") - 1};t=60'
    assert second["RateLimit"].startswith(f'"anon";r={_limit("anon") - 2};t=')


@pytest.mark.django_db
def test_users_are_counted_by_user_and_not_by_address(client, django_user_model):
    for name in ("alice", "bob"):
        client.force_login(django_user_model.objects.create_user(name))
        answer = client.get("/api/v1/session/")

        assert answer["RateLimit"] == f'"user";r={_limit("user") - 1};t=60'


@pytest.mark.django_db
def test_several_limits_are_listed_by_name(client):
    answer = client.post("/api/v1/session/", {}, content_type="application/json")

    assert answer.status_code == 400
    assert [part.split(";")[0] for part in answer["RateLimit"].split(", ")] == ['"anon"', '"login"']


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_refused_calls_count_and_say_so(client, method):
    for spent in (1, 2):
        answer = getattr(client, method)("/api/v1/products/")

        assert answer.status_code == 401
        assert answer["RateLimit"].startswith(f'"anon";r={_limit("anon") - spent};')


@pytest.mark.django_db
def test_a_stranger_who_is_refused_too_often_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(AnonymousThrottle, "rate", "2/min", raising=False)

    answers = [client.get("/api/v1/products/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1]["RateLimit"].startswith('"anon";r=0;t=')
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


@pytest.mark.django_db
def test_nothing_is_claimed_when_the_counter_is_down(client):
    with override_settings(CACHES=UNREACHABLE):
        answer = client.get("/api/v1/session/")

    assert "RateLimit" not in answer


@pytest.mark.django_db
def test_counting_costs_one_question_to_the_cache(client, monkeypatch):
    asked = []
    for name in ("get", "set", "add", "incr"):
        original = getattr(AnonymousThrottle.cache, name)

        def counted(*args, _original=original, _name=name, **kwargs):
            asked.append(_name)
            return _original(*args, **kwargs)

        monkeypatch.setattr(AnonymousThrottle.cache, name, counted, raising=False)

    for _ in range(2):
        client.get("/api/v1/session/")

    assert asked == ["incr", "add", "incr"]


class _Narrow(AnonymousThrottle):
    rate = "20/min"
    moment = 1_800_000_000.0

    def timer(self) -> float:
        return self.moment


def _allowed(throttle: type[_Narrow] = _Narrow) -> bool:
    return throttle().allow_request(_anybody(), APIView())


def test_a_window_ends_and_another_begins(monkeypatch):
    assert [_allowed() for _ in range(21)] == [True] * 20 + [False]

    monkeypatch.setattr(_Narrow, "moment", _Narrow.moment + 60)

    assert [_allowed() for _ in range(21)] == [True] * 20 + [False]


def test_a_counter_that_lost_its_end_begins_a_new_window():
    request = Request(APIRequestFactory().get("/"))
    key = _Narrow().get_cache_key(request, APIView())
    assert key is not None
    cache.set(key, 7)  # as when it expires between the cache's two steps of counting up

    throttle = _Narrow()
    assert throttle.allow_request(request, APIView())
    assert throttle.wait() == 60.0


@pytest.mark.parametrize("backend", ["memory", "redis"])
def test_calls_at_the_same_moment_are_all_counted(backend):
    caches = {"memory": settings.CACHES, "redis": {"default": {**REDIS, "LOCATION": settings.REDIS_URL}}}
    with override_settings(CACHES=caches[backend]):
        cache.delete(_Narrow().get_cache_key(_anybody(), APIView()))
        barrier = Barrier(8)

        def burst(_: int) -> int:
            barrier.wait(timeout=60)
            return sum(_allowed() for _ in range(10))

        with ThreadPoolExecutor(8) as pool:
            allowed = sum(pool.map(burst, range(8)))
        cache.delete(_Narrow().get_cache_key(_anybody(), APIView()))

    assert allowed == 20


def _anybody() -> Request:
    return Request(APIRequestFactory().get("/"))
