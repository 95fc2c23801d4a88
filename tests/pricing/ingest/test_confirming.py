"""Pages and APIs are believed at their usual level; what leaves it waits for a confirmation."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.models import AuditEvent
from pricing.choices import Route
from pricing.models import QuarantinedPrice
from pricing.selectors import history_disagreements
from pricing.services import reject_price
from tests.pricing.factories import (
    NOW,
    current,
    held,
    history,
    make_product,
    make_source,
    observe,
    record,
    record_series,
)

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def from_page(product, price: str, *, at=NOW, route=Route.PAGE, **facts):
    return record(observe(product, price, **facts), at=at, route=route)


def known(product, *prices: str) -> None:
    """Accept one price a day until yesterday."""
    record_series(product, prices or ["20"] * 3)


def at_peer(product, price: str, *, at=NOW, quality: str = "1.00"):
    """Record the price of another source in the same currency."""
    source = make_source("cardkingdom")
    source.currency = "EUR"
    source.save()
    return record(observe(product, price, "retail"), source="cardkingdom", at=at, quality=quality)


def at_mirror(product, price: str, *, at=NOW):
    """Record what a source says that repeats the numbers of the judged source's venue."""
    source = make_source("mirror")
    source.venue = make_source().venue
    source.save()
    return record(observe(product, price, "market"), source="mirror", at=at)


def waiting(product) -> list[Decimal]:
    rows = QuarantinedPrice.objects.filter(product=product, status="held").order_by("recorded_at")
    return list(rows.values_list("price", flat=True))


class TestLevelGuard:
    @pytest.mark.parametrize("route", [Route.PAGE, Route.API])
    @pytest.mark.parametrize(
        ("price", "is_held"), [("25.60", False), ("25.80", True), ("15.60", False), ("15.50", True)]
    )
    def test_a_page_price_away_from_the_level_of_its_week_is_held(self, route, price: str, is_held: bool):
        ring = make_product()
        known(ring)

        from_page(ring, price, route=route)

        assert held(ring) == ({"trend": {"unconfirmed"}} if is_held else {})
        assert current(ring) == (Decimal(20) if is_held else Decimal(price))

    @pytest.mark.parametrize("route", [Route.BULK, Route.FILE, Route.STAFF])
    def test_other_routes_are_not_judged_by_their_level(self, route):
        ring = make_product()
        known(ring)

        from_page(ring, "40", route=route)

        assert held(ring) == {}

    def test_cents_may_move(self):
        ring = make_product()
        known(ring, "0.10", "0.10")

        from_page(ring, "0.50")

        assert held(ring) == {}

    @pytest.mark.parametrize(("price", "is_held"), [("79", False), ("81", True)])
    def test_after_a_quiet_week_only_the_wide_bound_holds(self, price: str, is_held: bool):
        ring = make_product()
        record(observe(ring, "20"), at=NOW - 9 * DAY)

        from_page(ring, price)

        assert held(ring) == ({"trend": {"unconfirmed"}} if is_held else {})

    def test_a_peer_that_agrees_confirms_at_once(self):
        ring = make_product()
        known(ring)
        at_peer(ring, "42")

        from_page(ring, "40")

        assert held(ring) == {}
        assert current(ring) == Decimal(40)

    def test_a_mirror_of_the_same_venue_does_not_confirm(self):
        ring = make_product()
        known(ring)
        at_mirror(ring, "40")

        from_page(ring, "40")

        assert held(ring) == {"trend": {"unconfirmed"}}

    def test_a_bulk_price_of_the_same_source_confirms_at_once(self):
        ring = make_product()
        known(ring)
        record(observe(ring, "40"), at=NOW - HOUR, route=Route.BULK)

        from_page(ring, "41")

        assert held(ring) == {}


class TestFirstPrice:
    @pytest.mark.parametrize(
        ("sealed", "route", "is_held"),
        [(True, Route.PAGE, True), (True, Route.API, False), (False, Route.PAGE, False)],
    )
    def test_only_a_sealed_product_on_a_page_waits(self, sealed: bool, route, is_held: bool):
        box = make_product("Box", sealed=sealed)

        from_page(box, "120", route=route)

        assert held(box) == ({"trend": {"unconfirmed"}} if is_held else {})

    def test_a_peer_vouches_for_the_first_price_within_the_wide_bound(self):
        box = make_product("Box", sealed=True)
        at_peer(box, "200")

        from_page(box, "120")

        assert held(box) == {}

    @pytest.mark.parametrize(("price", "is_held"), [("200", False), ("600", True)])
    def test_a_mirror_of_the_same_venue_shows_whether_the_first_price_was_read_right(self, price, is_held):
        box = make_product("Box", sealed=True)
        at_mirror(box, price)

        from_page(box, "120")

        assert held(box) == ({"trend": {"ratio_to_peers"}} if is_held else {})

    def test_saying_it_again_proves_nothing_where_nothing_else_is_known(self):
        box = make_product("Box", sealed=True)
        from_page(box, "120")

        from_page(box, "120", at=NOW + DAY)

        assert waiting(box) == [Decimal(120), Decimal(120)]


class TestConfirmation:
    def test_the_same_price_again_releases_both_and_is_audited_as_the_system(self):
        ring = make_product()
        known(ring)
        from_page(ring, "40")

        from_page(ring, "41", at=NOW + 6 * HOUR)

        rows = list(QuarantinedPrice.objects.filter(product=ring).order_by("recorded_at"))
        assert [(row.status, row.decided_by) for row in rows] == [("released", None)] * 2
        assert [row.evidence["confirmed_by"] for row in rows] == ["repeat", "repeat"]
        assert current(ring) == Decimal(41)
        assert history_disagreements() == []
        events = AuditEvent.objects.filter(verb="price.confirmed")
        assert {(event.actor_id, event.data["confirmed_by"]) for event in events} == {(None, "repeat")}
        assert events.count() == 2

    @pytest.mark.parametrize(
        ("price", "after"),
        [("41", 5 * HOUR), ("43", DAY), ("41", 7 * DAY + HOUR)],
        ids=["too soon", "another price", "too late"],
    )
    def test_what_is_no_repetition_releases_nothing(self, price: str, after: timedelta):
        ring = make_product()
        known(ring)
        from_page(ring, "40")

        from_page(ring, price, at=NOW + after)

        assert QuarantinedPrice.objects.filter(status="released").count() == 0

    def test_a_hundredfold_price_is_not_released_by_repeating_it(self):
        ring = make_product()
        known(ring)
        from_page(ring, "2000")

        from_page(ring, "2000", at=NOW + DAY)

        assert waiting(ring) == [Decimal(2000), Decimal(2000)]
        assert current(ring) == Decimal(20)

    def test_a_price_with_another_reason_is_not_released_even_by_a_peer(self):
        ring = make_product()
        known(ring, *["20"] * 6)
        from_page(ring, "2000")

        at_peer(ring, "2000", at=NOW + HOUR)

        assert held(ring)["trend"] == {"ratio_to_history", "unconfirmed"}
        assert Decimal(2000) in waiting(ring)

    @pytest.mark.parametrize(("price", "is_released"), [("46", True), ("46.10", False), ("34.50", False)])
    def test_another_source_releases_within_fifteen_percent(self, price: str, is_released: bool):
        ring = make_product()
        known(ring)
        from_page(ring, "40")

        at_peer(ring, price, at=NOW + HOUR)

        row = QuarantinedPrice.objects.get(product=ring)
        assert row.status == ("released" if is_released else "held")
        assert row.evidence.get("confirmed_with") == (f"cardkingdom {price}.00" if is_released else None)

    def test_a_mirror_of_the_same_venue_releases_nothing(self):
        ring = make_product()
        known(ring)
        from_page(ring, "40")

        at_mirror(ring, "40", at=NOW + HOUR)

        assert waiting(ring) == [Decimal(40)]

    def test_a_doubtful_source_releases_nothing(self):
        ring = make_product()
        known(ring)
        from_page(ring, "40")

        at_peer(ring, "40", at=NOW + HOUR, quality="0.30")

        assert waiting(ring) == [Decimal(40)]

    def test_another_route_of_the_same_source_releases(self):
        ring = make_product()
        known(ring)
        from_page(ring, "40")

        record(observe(ring, "44"), at=NOW + HOUR, route=Route.BULK)

        assert QuarantinedPrice.objects.get(product=ring).evidence["confirmed_by"] == "route"
        assert (current(ring), Decimal(40) in history(ring)) == (Decimal(44), True)

    def test_the_confirmed_level_is_believed_from_then_on(self):
        ring = make_product()
        known(ring)
        from_page(ring, "40")
        from_page(ring, "40", at=NOW + 6 * HOUR)

        from_page(ring, "42", at=NOW + 7 * HOUR)

        assert current(ring) == Decimal(42)

    def test_what_a_person_rejected_is_not_released_by_repeating_it(self, bob):
        ring = make_product()
        known(ring)
        from_page(ring, "40")
        reject_price(quarantined_id=QuarantinedPrice.objects.get(product=ring).pk, actor=bob, now=NOW + HOUR)

        for hours in (6, 12):
            from_page(ring, "40", at=NOW + hours * HOUR)

        assert waiting(ring) == [Decimal(40), Decimal(40)]
