from datetime import timedelta
from decimal import Decimal

import pytest

from common.models import AuditEvent
from pricing.errors import QuarantineDecided
from pricing.models import QuarantinedPrice
from pricing.services import reject_price, release_price
from tests.pricing.factories import NOW, current, held, history, make_held, make_product, observe, record

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def test_a_released_price_enters_history_and_becomes_current(bob):
    row = make_held(price="900")

    released = release_price(quarantined_id=row.pk, actor=bob, now=LATER)

    assert (released.status, released.decided_by, released.decided_at) == ("released", bob, LATER)
    assert current(row.product) == Decimal(900)
    assert history(row.product) == [Decimal(900)]


def test_releasing_twice_is_releasing_once(bob):
    row = make_held()

    for _ in range(2):
        release_price(quarantined_id=row.pk, actor=bob, now=LATER)

    assert AuditEvent.objects.filter(verb="price.released").count() == 1
    assert len(history(row.product)) == 1


def test_a_released_price_does_not_overwrite_a_newer_one(bob):
    row = make_held()
    record(observe(row.product, "21"), observe(row.product, "20", "low"), at=LATER)

    release_price(quarantined_id=row.pk, actor=bob, now=LATER)

    assert current(row.product) == Decimal(21)


def test_the_decision_is_audited_with_the_figures(bob):
    row = make_held()

    reject_price(quarantined_id=row.pk, actor=bob, now=LATER)

    event = AuditEvent.objects.get(subject=f"quarantined_price:{row.pk}")
    assert (event.verb, event.actor_id, event.data["price"]) == ("price.rejected", bob.pk, "900.00")


def test_a_decision_is_final(bob):
    row = make_held()
    reject_price(quarantined_id=row.pk, actor=bob, now=LATER)
    reject_price(quarantined_id=row.pk, actor=bob, now=LATER)

    with pytest.raises(QuarantineDecided):
        release_price(quarantined_id=row.pk, actor=bob, now=LATER)

    assert history(row.product) == []


def test_importing_again_does_not_reopen_a_decision(bob):
    row = make_held()
    reject_price(quarantined_id=row.pk, actor=bob, now=LATER)

    again = record(
        observe(row.product, "900"), observe(row.product, "20", "avg"), observe(row.product, "19", "low")
    )

    assert again.prices_known == 3
    assert QuarantinedPrice.objects.get(pk=row.pk).status == "rejected"


@pytest.mark.parametrize(
    ("price", "days", "is_held"), [("950", 1, False), ("1200", 1, True), ("950", 15, True), ("700", 13, True)]
)
def test_a_release_speaks_for_later_prices_near_it_for_two_weeks(bob, price: str, days: int, is_held: bool):
    row = make_held(price="900")
    release_price(quarantined_id=row.pk, actor=bob, now=LATER)

    record(observe(row.product, price), observe(row.product, "20", "avg"), at=NOW + timedelta(days=days))

    assert (current(row.product) == Decimal(900)) is is_held


def test_a_rejection_does_not_speak_for_later_prices(bob):
    row = make_held(price="900")
    reject_price(quarantined_id=row.pk, actor=bob, now=LATER)

    record(observe(row.product, "901"), observe(row.product, "20", "avg"), at=LATER)

    assert "ratio_to_average" in held(row.product)["trend"]
    assert current(row.product) is None


def test_nothing_happens_to_what_is_not_there(bob):
    with pytest.raises(QuarantinedPrice.DoesNotExist):
        release_price(quarantined_id=10**9, actor=bob, now=NOW)


def test_an_old_price_can_be_released_into_its_own_month(bob):
    product = make_product("Old Box", sealed=True)
    row = make_held(product, at=NOW - timedelta(days=900))

    release_price(quarantined_id=row.pk, actor=bob, now=NOW)

    assert history(product) == [Decimal(900)]
