"""Products that other connections can see, for tests of several at once.

Not transactional tests: flushing the database would take the seeded rows from the next tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from catalog.models import Product
from common.models import AuditEvent
from pricing.models import CurrentPrice, PriceBatch, PriceRecord


@contextmanager
def committed() -> Iterator[list[Product]]:
    """Give a list for products; they are taken away with everything recorded about them."""
    if not connection.settings_dict["NAME"].startswith("test_"):
        # pytest-django makes a database only if some collected test says that it needs one
        pytest.skip("there is no database of the tests: run some other test of the database with this one")
    events = set(AuditEvent.objects.values_list("pk", flat=True))
    heads = list(_rows("SELECT stream, seq, hash FROM audit_heads"))
    products: list[Product] = []
    try:
        yield products
    finally:
        PriceRecord.objects.filter(product__in=products).delete()
        CurrentPrice.objects.filter(product__in=products).delete()
        PriceBatch.objects.all().delete()
        for product in products:
            product.delete()
        _forget_events(events, heads)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _forget_events(events: set[UUID], heads: list[tuple[Any, ...]]) -> None:
    """Do what only the tables' owner can: the audit trail refuses deletion, and rightly."""
    with transaction.atomic(), connection.cursor() as cursor:
        _switch_audit_triggers(cursor, "DISABLE")
        cursor.execute("DELETE FROM audit_events WHERE NOT id = ANY(%s)", [list(events)])
        cursor.execute("DELETE FROM audit_heads")
        cursor.executemany("INSERT INTO audit_heads (stream, seq, hash) VALUES (%s, %s, %s)", heads)
        _switch_audit_triggers(cursor, "ENABLE")


def _switch_audit_triggers(cursor: Any, state: str) -> None:
    for table in ("audit_events", "audit_heads"):
        cursor.execute(f"ALTER TABLE {table} {state} TRIGGER USER")
