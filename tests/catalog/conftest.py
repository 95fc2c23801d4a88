"""Fixtures of the catalogue's tests."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.importers.mtgjson import ImportReport, import_mtgjson
from users.choices import Role
from users.models import User

FIXTURES = Path(__file__).parent / "fixtures"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

Import = Callable[[dict[str, Any]], ImportReport]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def tiny() -> dict[str, Any]:
    """The hand-written file as data a test may change."""
    return copy.deepcopy(json.loads((FIXTURES / "tiny.json").read_text()))


@pytest.fixture
def tiny_file() -> Path:
    return FIXTURES / "tiny.json"


@pytest.fixture
def bring_in(db, tmp_path) -> Import:
    """Imports data as if it were a file."""

    def run(data: dict[str, Any], **options: Any) -> ImportReport:
        path = tmp_path / "source.json"
        path.write_text(json.dumps(data))
        return import_mtgjson(path, **{"now": NOW, **options})

    return run


@pytest.fixture
def bob(db) -> User:
    """An operator with access to the admin."""
    return User.objects.create_user("bob", password="bob", role=Role.OPERATOR, is_staff=True)


@pytest.fixture
def alice(db) -> User:
    """An analyst."""
    return User.objects.create_user("alice", password="alice", role=Role.ANALYST, is_staff=True)
