"""Staff and the register, as the staff pages need them."""

import pytest
from django.test import Client

from common.clock import utc_now
from scrapers.services import sync_register
from tests.pricing.factories import make_user
from users.choices import Role
from users.models import User


@pytest.fixture
def register(db: None) -> None:
    sync_register(utc_now())


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob", Role.OPERATOR, is_staff=True)


@pytest.fixture
def operator(bob: User, client: Client) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def onlooker(db: None) -> Client:
    client = Client()
    client.force_login(make_user("vera", Role.VIEWER, is_staff=True))
    return client
