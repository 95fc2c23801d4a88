"""People and the register, as the API tests need them."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client

from common.clock import utc_now
from scrapers.services import sync_register
from tests.pricing.factories import make_user
from users.choices import Role
from users.models import User

Send = Callable[..., HttpResponse]


@pytest.fixture
def register(db: None) -> None:
    sync_register(utc_now())


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice", Role.ANALYST)


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob", Role.OPERATOR)


@pytest.fixture
def send() -> Send:
    """Send a POST as a user, with a key of its own unless one is given."""
    keys = iter(range(1_000))

    def post(user: User, path: str, body: Any = None, *, key: str = "") -> HttpResponse:
        client = Client()
        client.force_login(user)
        answer: Any = client.post(
            path,
            body if body is not None else "",
            content_type="application/json",
            headers={"Idempotency-Key": key or f"key-{next(keys)}"},
        )
        return cast(HttpResponse, answer)

    return post
