"""A price is compared with what other sources say of the same product, in their currency, if it is fresh."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pricing.models import QuarantinedPrice
from tests.pricing.factories import (
    NOW,
    current,
    held,
    make_product,
    make_rate,
    make_source,
    observe,
    record,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def at_tcgplayer(product, price: str, price_type: str = "market", **facts):
    batch = {name: facts.pop(name) for name in ("at", "quality", "route") if name in facts}
    return record(observe(product, price, price_type, currency="USD", **facts), source="tcgplayer", **batch)


@pytest.fixture(autouse=True)
def _rate(db: None) -> None:
    make_rate("EUR", "USD", "1.10")


@pytest.mark.parametrize(("price", "is_held"), [("79", False), ("81", True), ("5.10", False), ("4.90", True)])
def test_a_price_more_than_four_times_away_from_its_peer_is_held(price: str, is_held: bool):
    ring = make_product()
    at_tcgplayer(ring, "22.00")  # 20.00 EUR

    record(observe(ring, price))

    assert held(ring) == ({"trend": {"ratio_to_peers"}} if is_held else {})


def test_the_median_of_the_peers_counts_and_the_evidence_names_it():
    ring = make_product()
    at_tcgplayer(ring, "22.00")
    record(observe(ring, "77.00", "retail", currency="USD"), source="cardkingdom")  # 70.00 EUR

    record(observe(ring, "181.00"))

    row = QuarantinedPrice.objects.get(product=ring)
    assert row.evidence == {"median_of_peers": "45.00", "peers": 2}


def test_a_mirror_of_the_same_venue_still_checks_the_reading():
    ring = make_product()
    mirror = make_source("mirror")
    mirror.venue = make_source().venue
    mirror.save()
    record(observe(ring, "20.00", "market"), source="mirror")

    record(observe(ring, "81.00"))

    assert held(ring) == {"trend": {"ratio_to_peers"}}


def test_bulk_cards_may_be_apart():
    ring = make_product()
    at_tcgplayer(ring, "0.05")

    record(observe(ring, "2.00"))

    assert current(ring) == Decimal("2.00")


@pytest.mark.parametrize(
    "peer",
    [
        {"at": NOW - 73 * HOUR},
        {"finish": "foil"},
        {"condition": "damaged"},
        {"price_type": "direct_low"},
        {"quality": "0.49"},
    ],
    ids=["old", "finish", "played", "statistic", "quality"],
)
def test_what_cannot_be_compared_is_no_peer(peer: dict[str, Any]):
    ring = make_product()
    at_tcgplayer(ring, "22.00", **peer)

    record(observe(ring, "900.00"))

    assert held(ring) == {}


def test_without_a_fresh_rate_nothing_is_compared():
    ring = make_product()
    later = NOW + 40 * HOUR
    at_tcgplayer(ring, "22.00", at=later)

    record(observe(ring, "900.00"), at=later)

    assert held(ring) == {}


def test_a_disabled_source_is_no_peer():
    ring = make_product()
    at_tcgplayer(ring, "22.00")
    source = make_source("tcgplayer")
    source.is_enabled = False
    source.save()

    record(observe(ring, "900.00"))

    assert held(ring) == {}


@pytest.mark.parametrize(("price", "is_held"), [("1.00", False), ("100.00", True)])
def test_the_lowest_offer_of_a_single_is_held_only_when_it_is_too_high(price: str, is_held: bool):
    ring = make_product()
    at_tcgplayer(ring, "22.00")

    record(observe(ring, price, "low"))

    assert held(ring) == ({"low": {"ratio_to_peers"}} if is_held else {})


def test_a_buylist_price_and_a_price_for_played_copies_are_not_compared():
    ring = make_product()
    at_tcgplayer(ring, "22.00")

    record(observe(ring, "2.00", "buylist"), observe(ring, "3.00", condition="damaged"))

    assert held(ring) == {}


def test_old_prices_are_not_judged_by_todays_peers():
    ring = make_product()
    at_tcgplayer(ring, "22.00")

    record(observe(ring, "200.00", recorded_at=NOW - timedelta(days=30)), observe(ring, "21.00"))

    assert held(ring) == {}


def test_the_newest_batch_is_judged_by_peers_without_another_statement_per_price(
    django_assert_max_num_queries,
):
    rings = [make_product() for _ in range(20)]
    record(*(observe(ring, "22.00", "market", currency="USD") for ring in rings), source="tcgplayer")

    with django_assert_max_num_queries(70):
        record(*(observe(ring, "900.00") for ring in rings))

    assert QuarantinedPrice.objects.count() == 20
