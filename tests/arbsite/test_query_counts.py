"""How many queries each page costs: the committed baseline, and that no list costs more with more rows.

`UPDATE_QUERY_COUNTS=1 pytest tests/arbsite/test_query_counts.py` writes tests/arbsite/query_counts.json anew.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.arbsite.populate import FEW, MANY, NOT_FILLED, populate
from tests.pricing.factories import make_user
from users.choices import Role
from users.models import User

pytestmark = pytest.mark.django_db
BASELINE: Final = Path(__file__).with_name("query_counts.json")
UPDATE: Final = bool(os.environ.get("UPDATE_QUERY_COUNTS"))
API_LISTS: Final = (
    "/api/v1/products/",
    "/api/v1/opportunities/",
    "/api/v1/opportunities/?pagination=cursor",
    "/api/v1/opportunities/stats/summary/",
    "/api/v1/jobs/",
    "/api/v1/executions/",
    "/api/v1/watches/",
    "/api/v1/saved-views/",
    "/api/v1/alert-rules/",
    "/api/v1/alert-channels/",
    "/api/v1/notifications/",
    "/api/v1/backtests/",
    "/api/v1/contents-findings/",
    "/api/v1/markets/",
)


@pytest.fixture
def user() -> User:
    """A member of staff who may see everything."""
    user = make_user("root", Role.ADMIN, is_staff=True)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return user


@pytest.fixture
def root(user: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(user)
    return client


def _count(client: Client, url: str) -> int:
    """Return how many queries a page costs; nothing is kept from the page before."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url, follow=True)
        if answer.streaming:
            answer.getvalue()
    assert answer.status_code == 200, (url, answer.status_code)
    return len(captured)


def _models() -> list[type[Model]]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label_lower)


def _lists() -> dict[str, str]:
    names = {model: f"{model._meta.app_label}_{model._meta.model_name}" for model in _models()}
    pages = {
        f"admin {model._meta.label_lower}": reverse(f"admin:{name}_changelist")
        for model, name in names.items()
    }
    return {"admin dashboard": "/admin/", **pages, **{f"api {url}": url for url in API_LISTS}}


def _pages() -> dict[str, str]:
    """Return the page of the first row of each table that has one."""
    found = {}
    for model in _models():
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            found[f"page {model._meta.label_lower}"] = reverse(name, args=[row.pk])
    return found


def _measure(client: Client, addresses: Callable[[], dict[str, str]]) -> dict[str, int]:
    return {name: _count(client, url) for name, url in sorted(addresses().items())}


def _grown(before: dict[str, int], after: dict[str, int]) -> dict[str, tuple[int, int]]:
    return {name: (before[name], count) for name, count in after.items() if count > before.get(name, count)}


def _warm() -> None:
    """Read what a process reads once: content types of everything."""
    ContentType.objects.get_for_models(*_models())


def test_no_page_costs_more_with_more_rows_and_all_cost_what_is_committed(root: Client, user: User) -> None:
    _warm()
    populate(FEW, owner=user)
    few = _measure(root, _lists)
    pages = _measure(root, _pages)
    populate(MANY, owner=user)
    many = _measure(root, _lists)

    assert _grown(few, many) == {}, "queries for every row: select_related or prefetch what the list shows"
    measured = {**many, **pages}
    if UPDATE:
        BASELINE.write_text(json.dumps(measured, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    committed: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    changed = {
        name: (committed.get(name), measured.get(name))
        for name in sorted({*committed, *measured})
        if committed.get(name) != measured.get(name)
    }
    assert changed == {}, "committed and measured counts differ; look why, then UPDATE_QUERY_COUNTS=1"


def test_every_list_is_shown_with_rows() -> None:
    """A list without rows proves nothing about its queries."""
    populate(FEW)

    empty = {model._meta.label_lower for model in _models() if not model._default_manager.exists()}

    assert empty == NOT_FILLED
