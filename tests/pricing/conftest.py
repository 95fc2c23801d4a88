"""Fixtures of the pricing tests."""

from pathlib import Path

import pytest

from users.choices import Role
from users.models import User

from .factories import make_user


@pytest.fixture
def files() -> Path:
    """Folder of hand-written price files."""
    return Path(__file__).parent / "fixtures"


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob", Role.OPERATOR, is_staff=True)


@pytest.fixture
def charlie(db: None) -> User:
    return make_user("charlie", Role.VIEWER)
