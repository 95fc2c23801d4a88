from datetime import timedelta

import pytest

from common.ids import uuid7
from common.models import AuditEvent
from opportunities.errors import OpportunityClosed, OpportunityNotFound
from opportunities.models import Opportunity
from opportunities.services import dismiss_opportunity, expire_opportunity, expire_overdue, remove_old
from tests.opportunities.factories import analyze, found, make_deck
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Opportunity:
    deck = make_deck()
    analyze()
    return found(deck)


@pytest.mark.parametrize(("hours", "expired"), [(11, 0), (12, 1), (13, 1)])
def test_an_opportunity_expires_at_its_end_and_not_before(row: Opportunity, hours: int, expired: int):
    moment = NOW + timedelta(hours=hours)

    assert expire_overdue(now=moment) == expired
    assert expire_overdue(now=moment) == 0


@pytest.mark.parametrize(
    ("close", "status"), [(expire_opportunity, "expired"), (dismiss_opportunity, "cancelled")]
)
def test_a_person_closes_with_a_reason_that_is_kept(row: Opportunity, bob, close, status: str):
    close(opportunity_id=row.pk, reason="box is damaged", actor=bob, now=NOW)

    row.refresh_from_db()
    event = AuditEvent.objects.get(verb=f"opportunity.{status}")
    assert (row.status, row.closed_reason, row.closed_at) == (status, "box is damaged", NOW)
    assert (event.actor_id, event.subject, event.data) == (
        bob.pk,
        f"opportunity:{row.pk}",
        {"reason": "box is damaged"},
    )


def test_closing_twice_is_refused_and_recorded_once(row: Opportunity):
    dismiss_opportunity(opportunity_id=row.pk, reason="no", actor=None, now=NOW)

    with pytest.raises(OpportunityClosed) as refused:
        expire_opportunity(opportunity_id=row.pk, reason="no", actor=None, now=NOW)
    assert refused.value.details["status"] == "cancelled"
    assert AuditEvent.objects.filter(subject=f"opportunity:{row.pk}").count() == 2  # opened, cancelled


def test_what_does_not_exist_cannot_be_closed():
    with pytest.raises(OpportunityNotFound):
        dismiss_opportunity(opportunity_id=uuid7(), reason="no", actor=None, now=NOW)


def test_only_what_expired_long_ago_is_removed(row: Opportunity, settings):
    settings.EXPIRED_RETENTION_DAYS = 90
    expire_opportunity(opportunity_id=row.pk, reason="moved", actor=None, now=NOW)

    assert remove_old(now=NOW + timedelta(days=90)) == 0
    assert remove_old(now=NOW + timedelta(days=91)) == 1
    assert not Opportunity.objects.exists()
    assert AuditEvent.objects.get(verb="opportunity.removed").data["count"] == 1


def test_what_a_person_decided_is_never_removed(row: Opportunity):
    dismiss_opportunity(opportunity_id=row.pk, reason="no", actor=None, now=NOW)

    assert remove_old(now=NOW + timedelta(days=9999)) == 0
