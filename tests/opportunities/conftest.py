"""Fixtures of the opportunities tests."""

import pytest
from rest_framework.test import APIClient

from tests.pricing.factories import make_user
from users.choices import Role
from users.models import User


@pytest.fixture
def alice(db: None) -> User:
    """Return an analyst."""
    return make_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    """Return an operator with access to the staff pages."""
    return make_user("bob", Role.OPERATOR, is_staff=True)


@pytest.fixture
def charlie(db: None) -> User:
    """Return a stranger with the lowest role."""
    return make_user("charlie", Role.VIEWER)


@pytest.fixture
def api(alice: User) -> APIClient:
    """Return a client of the API, logged in as alice."""
    client = APIClient()
    client.force_authenticate(alice)
    return client
