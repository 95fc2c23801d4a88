"""Fixtures of the trading tests."""

import pytest
from rest_framework.test import APIClient

from tests.trading.factories import make_limits, make_trader
from users.choices import Role
from users.models import User


@pytest.fixture
def tess(db: None) -> User:
    """Return a trader."""
    return make_trader("tess")


@pytest.fixture
def bob(db: None) -> User:
    """Return an operator with access to the staff pages."""
    return make_trader("bob", Role.OPERATOR, is_staff=True)


@pytest.fixture
def olga(db: None) -> User:
    """Return another operator."""
    return make_trader("olga", Role.OPERATOR, is_staff=True)


@pytest.fixture
def charlie(db: None) -> User:
    """Return somebody with the lowest role."""
    return make_trader("charlie", Role.VIEWER)


@pytest.fixture(autouse=True)
def _limits(request: pytest.FixtureRequest) -> None:
    """Set limits that are far away, where a database is used: a flushed one has lost the seeded ones."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None or "db" in request.fixturenames:
        is_transactional = marker is not None and marker.kwargs.get("transaction")
        request.getfixturevalue("transactional_db" if is_transactional else "db")
        make_limits()


def client_of(user: User) -> APIClient:
    """Return a client of the API that is logged in."""
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(tess: User) -> APIClient:
    """Return a client of the API, logged in as tess."""
    return client_of(tess)
