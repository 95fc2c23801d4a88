"""Rate limits."""

import pytest
from django.test import override_settings

UNREACHABLE = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "unix:///nowhere/redis.sock",
    }
}


@pytest.mark.django_db
def test_api_answers_when_the_cache_that_counts_is_down(client):
    with override_settings(CACHES=UNREACHABLE):
        assert client.get("/api/v1/session/").status_code == 200


@pytest.mark.django_db
def test_caller_over_the_limit_is_told_to_wait(client, monkeypatch):
    from common.api.throttling import AnonymousThrottle

    monkeypatch.setattr(AnonymousThrottle, "rate", "2/min", raising=False)

    statuses = [client.get("/api/v1/session/").status_code for _ in range(3)]
    last = client.get("/api/v1/session/")

    assert statuses == [200, 200, 429]
    assert last.json()["code"] == "throttled"
    assert 0 < int(last["Retry-After"]) <= 60
