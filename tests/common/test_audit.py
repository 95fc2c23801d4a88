"""The audit trail: sealed, append-only, verifiable."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from common.audit import NewEvent, record_event, record_events, verify_chains
from common.models import AuditEvent

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_events_of_a_subject_are_linked_in_order():
    first = record_event(
        actor=None, verb="price.released", subject="price:12", data={"p": Decimal("1.50")}, now=NOW
    )
    second = record_event(actor=None, verb="price.flagged", subject="price:12", data={}, now=NOW)

    assert (first.stream, first.seq + 1) == (second.stream, second.seq)
    assert bytes(second.previous_hash) == bytes(first.hash)
    assert AuditEvent.objects.get(pk=first.pk).data == {"p": "1.50"}
    assert verify_chains(now=NOW).is_intact


def test_many_events_at_once_come_back_in_the_order_given():
    subjects = [f"card:{number}" for number in range(40)]

    events = record_events([NewEvent("card.seen", subject) for subject in subjects], actor=None, now=NOW)

    assert [event.subject for event in events] == subjects
    assert len({event.stream for event in events}) > 1
    assert verify_chains(now=NOW).events == 40


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET verb = 'price.kept'",
        "DELETE FROM audit_events",
        "SET LOCAL arbsite.refuse_truncate = 'on'; TRUNCATE audit_events",
        "SET LOCAL arbsite.refuse_truncate = 'on'; TRUNCATE audit_heads, audit_events",
        "UPDATE audit_heads SET seq = 0",
        "DELETE FROM audit_heads",
        "INSERT INTO audit_heads VALUES ('x.0', 1, '')",
    ],
)
def test_changing_history_is_refused_by_the_database(statement):
    record_event(actor=None, verb="price.released", subject="price:12", data={}, now=NOW)

    with (
        pytest.raises(ProgrammingError, match="refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
